import { publish } from '@simplebank/chassis/outbox';
import type { Cause, Fact } from '@simplebank/contracts/event';
import { audit } from '../../commands/audit.ts';
import type { Story } from '../../commands/story.ts';
import type { Tx } from '../../data/client.ts';
import { findAssets } from '../../data/copies.ts';
import type { Deps } from '../../deps.ts';
import {
  strategyOrderCompleted,
  strategyOrderCreated,
  strategyOrderReady,
} from '../../events/published.ts';
import { findStrategy } from '../../strategies/index.ts';
import { saveOrder } from '../data/strategy-orders.ts';
import { endOf, place, type StrategyOrder } from '../domain/strategy-order.ts';

type Publishing = Pick<Deps, 'clock' | 'newId'>;
export type Move = {
  /** True for the move that records it for the first time. */
  readonly isNew?: boolean;
  readonly before: StrategyOrder;
  readonly after: StrategyOrder;
  /** By which command it moves, for the audit. */
  readonly command: string;
  readonly story: Story;
};

/**
 * Saves a locked order that has moved, with the facts and the line of the audit that its new state
 * stands for. News of a part that leaves the order in its state is no change of the order's own.
 */
export async function recordOrder(
  tx: Tx,
  deps: Publishing,
  { before, after, command, story, isNew = false }: Move,
): Promise<StrategyOrder> {
  const facts: Fact[] = [];
  let order = after;
  const tell = (fact: (order: StrategyOrder, cause: Cause) => Fact) => {
    order = { ...order, eventVersion: order.eventVersion + 1 };
    facts.push(fact(order, story.cause));
  };
  if (isNew) tell(strategyOrderCreated);
  const isPlaced = before.status === 'WAITING_FOR_PAYMENT' && after.status === 'PLACING';
  if (isPlaced) tell(strategyOrderReady);
  if (after.status !== before.status && endOf(after.status)) tell(strategyOrderCompleted);
  await saveOrder(tx, order);
  await publish(tx, deps, facts);
  if (isNew || after.status !== before.status) {
    const states = { before: isNew ? undefined : before, after: order };
    await audit(tx, deps, [{ by: story.by, command, subject: order.id, ...states }]);
  }
  return order;
}

/** Fixes the version, cuts the amount into parts and asks for their orders. */
export async function placeNow(
  tx: Tx,
  deps: Publishing,
  { before, ...move }: Omit<Move, 'after'>,
): Promise<StrategyOrder> {
  const strategy = await findStrategy(tx, { id: before.strategyId });
  if (!strategy) throw new Error(`strategy order ${before.id} has no strategy`);
  const ids = strategy.slices.flatMap(({ assetId }) => assetId ?? []);
  const assets = await findAssets(tx, ids);
  const after = place(before, strategy, { assets, now: deps.clock.now() });
  return recordOrder(tx, deps, { before, after, ...move });
}
