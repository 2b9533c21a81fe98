import type { Cause, Fact } from '@simplebank/contracts/event';
import { DividendDueV1, PositionSplitV1 } from '@simplebank/contracts/holdings';
import { type Action, isSplit } from '../domain/action.ts';
import type { Outcome, Told } from '../domain/outcome.ts';

/** What an action did to a position, with what made it known: the action, or a late execution. */
export const toldFacts =
  (causes: ReadonlyMap<string, Cause>) =>
  ({ outcome, action }: Told): Fact => {
    const cause = causes.get(`${outcome.accountId}:${outcome.assetId}`);
    if (!cause) throw new Error(`action ${action.id} is told without a cause`);
    return isSplit(action)
      ? positionSplit(outcome, action, cause)
      : dividendDue(outcome, action, cause);
  };

/** One aggregate for each action and account; its version counts the corrections. */
const about = ({ actionId, accountId, version }: Outcome) => ({
  aggregateId: `${actionId}:${accountId}`,
  aggregateVersion: version,
});

const entitlement = ({ actionId, accountId, assetId }: Outcome, { symbol, exDate }: Action) => ({
  ...{ actionId, accountId, assetId, symbol, exDate },
});

const positionSplit = (
  outcome: Outcome,
  split: Extract<Action, { kind: 'SPLIT' }>,
  cause: Cause,
): Fact<PositionSplitV1> => ({
  contract: PositionSplitV1,
  ...about(outcome),
  cause,
  payload: {
    ...entitlement(outcome, split),
    numerator: split.numerator,
    denominator: split.denominator,
    quantityBefore: outcome.quantity.toFixed(),
    quantityAfter: (outcome.quantityAfter ?? outcome.quantity).toFixed(),
  },
});

const dividendDue = (
  outcome: Outcome,
  dividend: Extract<Action, { kind: 'DIVIDEND' }>,
  cause: Cause,
): Fact<DividendDueV1> => ({
  contract: DividendDueV1,
  ...about(outcome),
  cause,
  payload: {
    ...entitlement(outcome, dividend),
    quantity: outcome.quantity.toFixed(),
    rate: dividend.rate.toFixed(),
    amount: (outcome.amount ?? outcome.quantity).toFixed(),
    currency: dividend.currency,
    payDate: dividend.payDate,
  },
});
