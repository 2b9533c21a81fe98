import type { Order } from '../domain/order.ts';
import type { Place } from '../domain/page.ts';
import type { Step, StuckOrder } from '../domain/process.ts';
import type { Transaction } from './client.ts';
import { toOrder } from './order-rows.ts';

/** In the order of `ids`, null for an unknown one. */
export async function findOrders(
  tx: Transaction,
  ids: readonly string[],
): Promise<(Order | null)[]> {
  const rows = await tx.order.findMany({ where: { id: { in: [...ids] } } });
  const byId = new Map(rows.map((row) => [row.id, toOrder(row)]));
  return ids.map((id) => byId.get(id) ?? null);
}

/** The order that this customer placed with this key; the key never expires. */
export async function findOrderByKey(
  tx: Transaction,
  customerId: string,
  idempotencyKey: string,
): Promise<Order | null> {
  const where = { customerId_idempotencyKey: { customerId, idempotencyKey } };
  const row = await tx.order.findUnique({ where });
  return row && toOrder(row);
}

export type StuckAsked = {
  readonly now: Date;
  readonly after: Place | null;
  readonly max: number;
};

/** Processes past their deadline, the longest overdue first. */
export async function findStuckOrders(
  tx: Transaction,
  { now, after, max }: StuckAsked,
): Promise<StuckOrder[]> {
  const beyond = after
    ? { OR: [{ deadline: { gt: after.at } }, { deadline: after.at, orderId: { gt: after.id } }] }
    : {};
  const rows = await tx.orderProcess.findMany({
    where: { AND: [{ deadline: { lt: now } }, beyond] },
    orderBy: [{ deadline: 'asc' }, { orderId: 'asc' }],
    take: max,
    include: { order: true },
  });
  return rows.flatMap(({ order, deadline, ...row }) =>
    deadline ? [{ ...row, deadline, step: row.step as Step, order: toOrder(order) }] : [],
  );
}

export const countStuckOrders = (tx: Transaction, now: Date): Promise<number> =>
  tx.orderProcess.count({ where: { deadline: { lt: now } } });
