import type { Cause } from '@simplebank/contracts/event';
import { ok, type Result, refuse } from '@simplebank/kernel/result';
import { insertAudit } from '../data/audit.ts';
import { findOrders } from '../data/orders.ts';
import { findRequest } from '../data/requests.ts';
import type { Deps, Transaction } from '../deps.ts';
import { type Account, allows } from '../domain/account.ts';
import type { Order } from '../domain/order.ts';
import { advanceOrders } from './advance-orders.ts';
import { type Actor, auditRow } from './audit.ts';
import { once } from './once.ts';

export type CancelRefusal = 'NOT_CANCELABLE' | 'ACCOUNT_STATUS' | 'IDEMPOTENCY_KEY_REUSED';

export type CancelOrder = {
  readonly order: Order;
  /** The account of the order; the resolver has seen to it that the caller may act on it. */
  readonly account: Account;
  /** Staff may cancel on a frozen account too, and say why (domain §2.3). */
  readonly act:
    | { readonly as: 'CANCEL' }
    | { readonly as: 'STAFF_CANCEL'; readonly reason: string };
  readonly by: Actor;
  readonly idempotencyKey: string;
  readonly requestHash: string;
  readonly cause: Cause;
};

/**
 * Cancels before the market has seen the order, else asks the venue to. Refused once the order has
 * ended or is being canceled. A repeated key answers the order as it stands.
 */
export async function cancelOrder(
  deps: Deps,
  command: CancelOrder,
): Promise<Result<Order, CancelRefusal>> {
  const { by, idempotencyKey, requestHash, order, account, act } = command;
  const request = { customerId: by.actor, idempotencyKey, requestHash, orderId: order.id };
  const isNew = (await findRequest(deps.db, by.actor, idempotencyKey)) === null;
  if (isNew && !allows(account, act.as)) return refuse('ACCOUNT_STATUS');
  const done = await once(deps, request, (tx) => ask(tx, deps, command));
  if (!done.ok) return done;
  return ok(done.value.isRepeat ? await asItStands(deps, order) : done.value.did);
}

/** Read after the request was found, so that it shows what the request did. */
async function asItStands({ db }: Deps, order: Order): Promise<Order> {
  const [current] = await findOrders(db, [order.id]);
  return current ?? order;
}

async function ask(
  tx: Transaction,
  deps: Deps,
  { order, by, act, cause }: CancelOrder,
): Promise<Result<Order, 'NOT_CANCELABLE'>> {
  const message = { event: 'CANCEL_ASKED', actorId: by.actor } as const;
  const told = { orderId: order.id, message, cause };
  const { dossiers, misfits } = await advanceOrders(tx, deps, [told]);
  if (misfits.length > 0) return refuse('NOT_CANCELABLE');
  const after = dossiers.get(order.id)?.order ?? order;
  const isStaff = act.as === 'STAFF_CANCEL';
  const command = isStaff ? 'cancelOrderForCustomer' : 'cancelOrder';
  const why = isStaff ? { reason: act.reason } : {};
  const line = { by, command, subject: order.id, before: order, after, ...why };
  await insertAudit(tx, auditRow(deps, line));
  return ok(after);
}
