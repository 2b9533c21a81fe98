import type { Decimal } from '@simplebank/kernel/decimal';
import { isCurrency } from '@simplebank/kernel/money';
import { ok, type Result, refuse } from '@simplebank/kernel/result';
import { audit } from '../../commands/audit.ts';
import { once } from '../../commands/once.ts';
import type { Story } from '../../commands/story.ts';
import type { Deps } from '../../deps.ts';
import type { AccountCopy } from '../../domain/copies.ts';
import { localDateOf } from '../../domain/local-date.ts';
import { lockStrategyToRead } from '../../strategies/index.ts';
import { insertPlan } from '../data/plans.ts';
import { checkPlan, type Funding, type PlanRefusalCode } from '../domain/plan.ts';
import type { Schedule } from '../domain/schedule.ts';

export type PlanDraft = Schedule & {
  /** One of the customer's own. */
  readonly account: AccountCopy;
  readonly strategyId: string;
  readonly customerId: string;
  readonly amount: Decimal;
  readonly funding: Funding;
  readonly idempotencyKey: string;
};

/** Answers the id of the plan, whose first run is due on its start date (domain §6.3). */
export function createPlan(
  deps: Deps,
  draft: PlanDraft,
  { by }: Story,
): Promise<Result<string, PlanRefusalCode>> {
  const { account, strategyId, customerId, amount, interval, startDate, endDate, funding } = draft;
  const { currency } = account;
  if (!isCurrency(currency)) throw new Error(`account ${account.id} has the currency ${currency}`);
  const terms = { amount, interval, startDate, endDate, funding };
  const input = { accountId: account.id, strategyId, ...terms };
  const key = { owner: customerId, key: draft.idempotencyKey, movesMoney: true };
  const ask = { ...key, command: 'createPlan', input };
  return once<PlanRefusalCode>(deps, ask, async (tx, id) => {
    const strategy = await lockStrategyToRead(tx, strategyId);
    if (!strategy) throw new Error(`strategy ${strategyId} has gone`);
    const now = deps.clock.now();
    const today = localDateOf(now);
    const checked = checkPlan({ strategy, account, amount, currency, startDate, today });
    if (!checked.ok) return refuse(checked.error);

    const whose = { id, accountId: account.id, customerId, strategyId, currency };
    const plan = await insertPlan(tx, { ...whose, ...terms, createdAt: now });
    await audit(tx, deps, [{ by, command: 'createPlan', subject: id, after: plan }]);
    return ok(plan);
  });
}
