import type { Cause, Fact } from '@simplebank/contracts/event';
import { RebalanceCompletedV1, RebalanceReadyV1 } from '@simplebank/contracts/strategies';
import type { RunItem } from '../domain/item.ts';
import type { Run } from '../domain/run.ts';
import { endOf } from '../domain/transitions.ts';

/** How many parts the contract lets one event carry. */
export const partsPerEventMax = 100;

const about = ({ id, eventVersion }: Run, cause: Cause) => ({
  aggregateId: id,
  aggregateVersion: eventVersion,
  cause,
});

const named = ({ id, accountId, customerId }: Run) => ({ runId: id, accountId, customerId });

/** The items that are to be ordered; the run's event version counts this fact already. */
export const rebalanceReady = (run: Run, items: readonly RunItem[], cause: Cause): Fact => ({
  ...about(run, cause),
  contract: RebalanceReadyV1,
  payload: { ...named(run), currency: run.currency, parts: items.map(partOf) },
});

type Part = RebalanceReadyV1['parts'][number];

function partOf({ side, assetId, quantity, amount }: RunItem): Part {
  if (side === 'SELL' && quantity) return { side, assetId, quantity: quantity.toFixed() };
  if (side === 'BUY' && amount) return { side, assetId, amount: amount.toFixed() };
  throw new Error(`the ${side} of asset ${assetId} has nothing to ask for`);
}

export const rebalanceCompleted = (run: Run, cause: Cause): Fact => {
  const status = endOf(run.status);
  if (status === null) throw new Error(`rebalancing ${run.id} is ${run.status}, which is no end`);
  return {
    ...about(run, cause),
    contract: RebalanceCompletedV1,
    payload: { ...named(run), status },
  };
};
