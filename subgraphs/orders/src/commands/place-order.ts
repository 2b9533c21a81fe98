import { publish } from '@simplebank/chassis/outbox';
import type { Cause } from '@simplebank/contracts/event';
import { ok, type Result, refuse } from '@simplebank/kernel/result';
import { findListing } from '../data/copies.ts';
import { findOrderByKey } from '../data/orders.ts';
import { findRequest } from '../data/requests.ts';
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
  const [{ asset, quote }, first, otherUse] = await Promise.all([
    findListing(deps.db, name),
    findOrderByKey(deps.db, customerId, idempotencyKey),
    findRequest(deps.db, customerId, idempotencyKey),
  ]);
  if (first) return repeat(first, draft);
  if (otherUse) return refuse('IDEMPOTENCY_KEY_REUSED');

  const now = deps.clock.now();
  const decision = place(draft, { account, asset, quote, now, hours: deps.hours });
  if (!decision.ok) return decision;

  const begun = begin(decision.value, cause.causationId);
  const isNew = await deps.transact(async (tx) => {
    const placed = await insertOrders(tx, [{ ...begun, correlationId: cause.correlationId }]);
    if (!placed.has(begun.order.id)) return false;
    await publish(tx, deps, factsOf(begun, cause));
    return true;
  });
  if (isNew) return ok(begun.order);

  const winner = await findOrderByKey(deps.db, customerId, idempotencyKey);
  if (!winner) throw new Error(`order ${begun.order.id}: its key is taken by no order`);
  return repeat(winner, draft);
}

const repeat = (first: Order, { requestHash }: Draft): Result<Order, RefusalCode> =>
  first.requestHash === requestHash ? ok(first) : refuse('IDEMPOTENCY_KEY_REUSED');
