import { outboxRows } from '@simplebank/chassis/outbox';
import type { Cause } from '@simplebank/contracts/event';
import { ok, type Result, refuse } from '@simplebank/kernel/result';
import { findOrderByKey, findOrders } from '../data/orders.ts';
import type { Deps } from '../deps.ts';
import type { Account } from '../domain/account.ts';
import type { Draft, RefusalCode } from '../domain/draft.ts';
import { begin } from '../domain/history.ts';
import type { Order } from '../domain/order.ts';
import { place } from '../domain/placement.ts';
import { factsOf } from '../events/published.ts';
import { type Actor, auditRow } from './audit.ts';

export type PlaceOrder = {
  readonly draft: Draft;
  /** The caller owns it; the resolver has seen to that. */
  readonly account: Account;
  readonly asset: { readonly id: string } | { readonly symbol: string };
  readonly by: Actor;
  readonly cause: Cause;
};

/**
 * Records an order; money or shares are set aside afterwards. A repeated key answers the first
 * order, whatever has changed since, or refuses another input with IDEMPOTENCY_KEY_REUSED. A
 * refusal writes nothing.
 */
export async function placeOrder(
  deps: Deps,
  { draft, account, asset: name, by, cause }: PlaceOrder,
): Promise<Result<Order, RefusalCode>> {
  const { customerId, idempotencyKey } = draft;
  const asked = { accountId: account.id, asset: name, customerId, idempotencyKey };
  const known = await deps.atOnce.knowledge(asked);
  if (known.firstId) return repeat(deps, known.firstId, draft);
  if (known.isUsedOtherwise) return refuse('IDEMPOTENCY_KEY_REUSED');

  const { asset, quote, plan } = known;
  const now = deps.clock.now();
  const decision = place(draft, { account, plan, asset, quote, now, hours: deps.hours });
  if (!decision.ok) return decision;

  const begun = begin(decision.value, cause.causationId);
  const { order } = begun;
  const tellings = outboxRows(deps, factsOf(begun, cause));
  const audit = auditRow(deps, { by, command: 'placeOrder', subject: order.id, after: order });
  const { correlationId, traceparent } = cause;
  const placing = { ...begun, correlationId, traceparent, audit };
  const isNew = await deps.atOnce.insertion({ order: placing, tellings });
  if (!isNew) return repeatOfWinner(deps, draft);
  deps.relay.wake();
  return ok(order);
}

/** The key is taken since it was looked up: by an equal request, or by another command. */
async function repeatOfWinner(deps: Deps, draft: Draft): Promise<Result<Order, RefusalCode>> {
  const winner = await findOrderByKey(deps.db, draft.customerId, draft.idempotencyKey);
  if (!winner) return refuse('IDEMPOTENCY_KEY_REUSED');
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
