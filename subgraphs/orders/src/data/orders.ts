import type { Execution } from '../domain/execution.ts';
import type { Entry } from '../domain/history.ts';
import type { Order } from '../domain/order.ts';
import type { Place } from '../domain/page.ts';
import type { Step, StuckOrder } from '../domain/process.ts';
import { Prisma, type Transaction } from './client.ts';
import { type EntryRow, toEntry, toExecution } from './entry-rows.ts';
import { columns, grouped, type OrderRow, orderColumns, toOrder } from './order-rows.ts';

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

/** The newest orders of each account, at most `max` each, in one read. */
export async function findNewestOrders(
  tx: Transaction,
  accountIds: readonly string[],
  max: number,
): Promise<Order[][]> {
  const rows = await tx.$queryRaw<OrderRow[]>`
    /* orders.newest-of-accounts */ SELECT newest.*
    FROM unnest(${[...accountIds]}::uuid[]) AS asked(id)
    CROSS JOIN LATERAL (
      SELECT ${orderColumns} FROM "order" o WHERE o.account_id = asked.id
      ORDER BY o.created_at DESC, o.id DESC LIMIT ${max}
    ) newest
    ORDER BY newest."createdAt" DESC, newest.id DESC`;
  const byAccount = grouped(rows, ({ accountId }) => accountId);
  return accountIds.map((id) => (byAccount.get(id) ?? []).map(toOrder));
}

export type PageAsked = {
  readonly accountId: string;
  readonly after: Place | null;
  readonly max: number;
};

/** Newest first, those after the place. */
export async function findOrdersPage(
  tx: Transaction,
  { accountId, after, max }: PageAsked,
): Promise<Order[]> {
  const below = after
    ? Prisma.sql`AND (o.created_at, o.id) < (${after.at}::timestamptz, ${after.id}::uuid)`
    : Prisma.empty;
  const rows = await tx.$queryRaw<OrderRow[]>`
    /* orders.page-of-account */ SELECT ${orderColumns} FROM "order" o
    WHERE o.account_id = ${accountId}::uuid ${below}
    ORDER BY o.created_at DESC, o.id DESC LIMIT ${max}`;
  return rows.map(toOrder);
}

const eventColumns = columns(
  'e',
  `orderId sequence event fromStatus toStatus code cumulativeQuantity leavesQuantity executionId
   quantity price value commissionFee secFee tafFee executedAt tradeDate settlementDate late
   venueOrderId endedExecutions actorId causeId occurredAt`,
);

/** Oldest first, at most `max` of each order; in the order of `orders`. */
export async function findExecutions(
  tx: Transaction,
  orders: readonly Order[],
  max: number,
): Promise<Execution[][]> {
  const ids = orders.map(({ id }) => id);
  const rows = await tx.$queryRaw<EntryRow[]>`
    /* orders.executions */ SELECT first.*
    FROM unnest(${ids}::uuid[]) AS asked(id)
    CROSS JOIN LATERAL (
      SELECT ${eventColumns} FROM order_event e
      WHERE e.order_id = asked.id AND e.event = 'EXECUTED' ORDER BY e.sequence LIMIT ${max}
    ) first
    ORDER BY first."orderId", first.sequence`;
  const byOrder = grouped(rows, ({ orderId }) => orderId);
  return orders.map(({ id, currency }) =>
    (byOrder.get(id) ?? []).flatMap((row) => toExecution(row, currency) ?? []),
  );
}

/** The whole history of an order, oldest first. */
export async function findHistory(tx: Transaction, order: Order): Promise<Entry[]> {
  const rows = await tx.orderEvent.findMany({
    where: { orderId: order.id },
    orderBy: { sequence: 'asc' },
  });
  return rows.map((row) => toEntry(row, order.currency));
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
