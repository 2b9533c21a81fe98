import type { Cause } from '@simplebank/contracts/event';
import { ok, type Result, refuse } from '@simplebank/kernel/result';
import { insertAudit } from '../data/audit.ts';
import { findOrders } from '../data/orders.ts';
import type { Deps, Transaction } from '../deps.ts';
import type { Order } from '../domain/order.ts';
import { liveStatuses } from '../domain/status.ts';
import { advanceOrders, reportMisfits } from './advance-orders.ts';
import { type Actor, auditRow } from './audit.ts';
import { once } from './once.ts';

type NotEnded = 'NOT_LIVE' | 'NOT_STUCK';
export type EndRefusal = NotEnded | 'IDEMPOTENCY_KEY_REUSED';

export type EndStuckOrder = {
  readonly order: Order;
  readonly reason: string;
  readonly by: Actor;
  readonly idempotencyKey: string;
  readonly requestHash: string;
  readonly cause: Cause;
};

/**
 * Ends an order that the venue is done with and that no message can end. What was executed stays
 * booked; the rest of its hold or reservation is released as after a cancel.
 */
export async function endStuckOrder(
  deps: Deps,
  command: EndStuckOrder,
): Promise<Result<Order, EndRefusal>> {
  const { by, idempotencyKey, requestHash, order } = command;
  const request = { customerId: by.actor, idempotencyKey, requestHash, orderId: order.id };
  const done = await once(deps, request, (tx) => end(tx, deps, command));
  if (!done.ok) return done;
  if (!done.value.isRepeat) return ok(done.value.did);
  const [current] = await findOrders(deps.db, [order.id]);
  return ok(current ?? order);
}

async function end(
  tx: Transaction,
  deps: Deps,
  { order, reason, by, cause }: EndStuckOrder,
): Promise<Result<Order, NotEnded>> {
  const message = { event: 'ENDED_BY_STAFF', actorId: by.actor } as const;
  const told = [{ orderId: order.id, message, cause }];
  const { before, dossiers, misfits } = await advanceOrders(tx, deps, told);
  const dossier = dossiers.get(order.id);
  if (!dossier) throw new Error(`order ${order.id} is gone`);
  if (misfits.some((misfit) => misfit.message.event === message.event)) {
    const isLive = liveStatuses.some((live) => live === dossier.order.status);
    return refuse(isLive ? 'NOT_STUCK' : 'NOT_LIVE');
  }
  await reportMisfits(tx, deps, misfits);
  const states = { before: before.get(order.id) ?? order, after: dossier.order };
  const line = { by, command: 'endStuckOrder', subject: order.id, reason, ...states };
  await insertAudit(tx, auditRow(deps, line));
  return ok(dossier.order);
}
