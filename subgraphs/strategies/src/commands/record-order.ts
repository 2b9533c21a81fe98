import { publish } from '@simplebank/chassis/outbox';
import type { Cause, Fact } from '@simplebank/contracts/event';
import type { Tx } from '../data/client.ts';
import { findAssets } from '../data/copies.ts';
import { findStrategy } from '../data/strategies.ts';
import { saveOrder } from '../data/strategy-orders.ts';
import type { Deps } from '../deps.ts';
import { endOf, place, type StrategyOrder } from '../domain/strategy-order.ts';
import { strategyOrderCompleted, strategyOrderReady } from '../events/published.ts';

type Publishing = Pick<Deps, 'clock' | 'newId'>;
export type Move = {
  readonly before: StrategyOrder;
  readonly after: StrategyOrder;
  readonly cause: Cause;
};

/** Saves a locked order that has moved, with the facts that its new state stands for. */
export async function recordOrder(
  tx: Tx,
  deps: Publishing,
  { before, after, cause }: Move,
): Promise<StrategyOrder> {
  const facts: Fact[] = [];
  let order = after;
  const tell = (fact: (order: StrategyOrder, cause: Cause) => Fact) => {
    order = { ...order, eventVersion: order.eventVersion + 1 };
    facts.push(fact(order, cause));
  };
  const isPlaced = before.status === 'WAITING_FOR_PAYMENT' && after.status === 'PLACING';
  if (isPlaced) tell(strategyOrderReady);
  if (after.status !== before.status && endOf(after.status)) tell(strategyOrderCompleted);
  await saveOrder(tx, order);
  await publish(tx, deps, facts);
  return order;
}

/** Fixes the version, cuts the amount into parts and asks for their orders. */
export async function placeNow(
  tx: Tx,
  deps: Publishing,
  { before, cause }: Omit<Move, 'after'>,
): Promise<StrategyOrder> {
  const strategy = await findStrategy(tx, { id: before.strategyId });
  if (!strategy) throw new Error(`strategy order ${before.id} has no strategy`);
  const ids = strategy.slices.flatMap(({ assetId }) => assetId ?? []);
  const after = place(before, strategy, await findAssets(tx, ids));
  return recordOrder(tx, deps, { before, after, cause });
}
