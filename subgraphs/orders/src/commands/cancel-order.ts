import type { Cause } from '@simplebank/contracts/event';
import { ok, type Result, refuse } from '@simplebank/kernel/result';
import { findOrderByKey, findOrders } from '../data/orders.ts';
import { findRequest, keepRequest } from '../data/requests.ts';
import type { Deps, Transaction } from '../deps.ts';
import { type Account, allows } from '../domain/account.ts';
import type { Order } from '../domain/order.ts';
import { advanceOrders } from './advance-orders.ts';

export type CancelRefusal = 'NOT_CANCELABLE' | 'ACCOUNT_STATUS' | 'IDEMPOTENCY_KEY_REUSED';

export type CancelOrder = {
  readonly order: Order;
  /** The account of the order; the caller owns it, the resolver has seen to that. */
  readonly account: Account;
  readonly customerId: string;
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
  const { customerId, idempotencyKey, order } = command;
  const [first, placed] = await Promise.all([
    findRequest(deps.db, customerId, idempotencyKey),
    findOrderByKey(deps.db, customerId, idempotencyKey),
  ]);
  if (first?.requestHash === command.requestHash) return ok(await asItStands(deps, order));
  if (first || placed) return refuse('IDEMPOTENCY_KEY_REUSED');
  if (!allows(command.account, 'CANCEL')) return refuse('ACCOUNT_STATUS');
  return attempt(deps, command);
}

/** Read after the request was found, so that it shows what the request did. */
async function asItStands({ db }: Deps, order: Order): Promise<Order> {
  const [current] = await findOrders(db, [order.id]);
  return current ?? order;
}

/** A refusal inside the transaction takes everything back with it. */
class Refused extends Error {
  readonly code: CancelRefusal | 'REPEATED';

  constructor(code: CancelRefusal | 'REPEATED') {
    super(code);
    this.code = code;
  }
}

async function attempt(deps: Deps, command: CancelOrder): Promise<Result<Order, CancelRefusal>> {
  try {
    return ok(await deps.transact((tx) => ask(tx, deps, command)));
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    if (error.code !== 'REPEATED') return refuse(error.code);
    return ok(await asItStands(deps, command.order));
  }
}

async function ask(tx: Transaction, deps: Deps, command: CancelOrder): Promise<Order> {
  const { customerId, idempotencyKey, requestHash, order } = command;
  const recordedAt = deps.clock.now();
  const request = { customerId, idempotencyKey, requestHash, orderId: order.id, recordedAt };
  if (!(await keepRequest(tx, request))) {
    const first = await findRequest(tx, customerId, idempotencyKey);
    throw new Refused(first?.requestHash === requestHash ? 'REPEATED' : 'IDEMPOTENCY_KEY_REUSED');
  }
  const message = { event: 'CANCEL_ASKED', actorId: customerId } as const;
  const told = { orderId: order.id, message, cause: command.cause };
  const { dossiers, misfits } = await advanceOrders(tx, deps, [told]);
  if (misfits.length > 0) throw new Refused('NOT_CANCELABLE');
  return dossiers.get(order.id)?.order ?? order;
}
