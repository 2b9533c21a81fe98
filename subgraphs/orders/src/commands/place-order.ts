import { outboxRows } from '@simplebank/chassis/outbox';
import type { Cause } from '@simplebank/contracts/event';
import { ok, type Result, refuse } from '@simplebank/kernel/result';
import { findKnowledge } from '../data/knowledge.ts';
import { findOrderByKey, findOrders } from '../data/orders.ts';
import { insertOrders } from '../data/save-orders.ts';
import type { Deps } from '../deps.ts';
import type { Account } from '../domain/account.ts';
import { begin } from '../domain/history.ts';
import type { Order } from '../domain/order.ts';
import { type Draft, place, type RefusalCode } from '../domain/placement.ts';
import { factsOf } from '../events/published.ts';

export type PlaceOrder = {
  readonly draft: Draft;
  /** The caller owns it; the resolver has seen to that. */
  readonly account: Account;
  readonly asset: { readonly id: string } | { readonly symbol: string };
  readonly cause: Cause;
};

/**
 * Records an order; money or shares are set aside afterwards. A repeated key answers the first
 * order, whatever has changed since, or refuses another input with IDEMPOTENCY_KEY_REUSED. A
 * refusal writes nothing.
 */
export async function placeOrder(
  deps: Deps,
  { draft, account, asset: name, cause }: PlaceOrder,
): Promise<Result<Order, RefusalCode>> {
  const { customerId, idempotencyKey } = draft;
  const known = await findKnowledge(deps.db, { asset: name, customerId, idempotencyKey });
  if (known.firstId) return repeat(deps, known.firstId, draft);
  if (known.isUsedOtherwise) return refuse('IDEMPOTENCY_KEY_REUSED');

  const { asset, quote } = known;
  const now = deps.clock.now();
  const decision = place(draft, { account, asset, quote, now, hours: deps.hours });
  if (!decision.ok) return decision;

  const begun = begin(decision.value, cause.causationId);
  const { order } = begun;
  const tellings = outboxRows(deps, factsOf(begun, cause));
  const orders = [{ ...begun, correlationId: cause.correlationId }];
  const placed = await insertOrders(deps.db, orders, tellings);
  if (!placed.has(order.id)) return repeatOfWinner(deps, draft);
  deps.relay.wake();
  return ok(order);
}

/** The key is taken since it was looked up: an equal request was faster. */
async function repeatOfWinner(deps: Deps, draft: Draft): Promise<Result<Order, RefusalCode>> {
  const winner = await findOrderByKey(deps.db, draft.customerId, draft.idempotencyKey);
  if (!winner) throw new Error(`order ${draft.id}: its key is taken by no order`);
  return repeat(deps, winner.id, draft);
}

async function repeat(
  { db }: Deps,
  firstId: string,
  { requestHash }: Draft,
): Promise<Result<Order, RefusalCode>> {
  const [first] = await findOrders(db, [firstId]);
  if (!first) throw new Error(`order ${firstId} is gone`);
  return first.requestHash === requestHash ? ok(first) : refuse('IDEMPOTENCY_KEY_REUSED');
}
