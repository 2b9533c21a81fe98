import type { Execution } from '../domain/execution.ts';
import type { Entry } from '../domain/history.ts';
import type { Order } from '../domain/order.ts';
import type { Transaction } from './client.ts';
import { type EntryRow, toEntry, toExecution } from './entry-rows.ts';
import { columns, grouped } from './order-rows.ts';

/** Raw reads of order_event e: every column of a line under its Prisma name. */
export const eventColumns = columns(
  'e',
  `orderId sequence event fromStatus toStatus code cumulativeQuantity leavesQuantity executionId
   quantity price value commissionFee secFee tafFee executedAt tradeDate settlementDate late
   venueOrderId endedExecutions actorId causeId occurredAt actionId exDate numerator denominator
   goesOn orderQuantity quantityBefore limitPriceBefore limitPriceAfter stopPriceBefore
   stopPriceAfter venuePriceBefore venuePriceAfter`,
);

/**
 * Oldest first, at most `max` of each order; in the order of `orders`. Of an order as it was, only
 * those that it had by then.
 */
export async function findExecutions(
  tx: Transaction,
  orders: readonly Order[],
  max: number,
): Promise<Execution[][]> {
  const ids = orders.map(({ id }) => id);
  const versions = orders.map(({ version }) => version);
  const rows = await tx.$queryRaw<(EntryRow & { asked: number })[]>`
    /* orders.executions */ SELECT asked.version AS asked, first.*
    FROM unnest(${ids}::uuid[], ${versions}::int[]) AS asked(id, version)
    CROSS JOIN LATERAL (
      SELECT ${eventColumns} FROM order_event e
      WHERE e.order_id = asked.id AND e.event = 'EXECUTED' AND e.sequence <= asked.version
      ORDER BY e.sequence LIMIT ${max}
    ) first
    ORDER BY first."orderId", asked.version, first.sequence`;
  const byOrder = grouped(rows, ({ orderId, asked }) => `${orderId} ${asked}`);
  return orders.map(({ id, version, currency }) =>
    (byOrder.get(`${id} ${version}`) ?? []).flatMap((row) => toExecution(row, currency) ?? []),
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

/** Lines of an order after the line `after`, at most `max`. */
export type LinesAsked = { readonly order: Order; readonly after: number; readonly max: number };

/** Lines are counted without a gap, so a page is a range. In the order of `asked`. */
export async function findLines(tx: Transaction, asked: readonly LinesAsked[]): Promise<Entry[][]> {
  const ids = asked.map(({ order }) => order.id);
  const firsts = asked.map(({ after }) => after + 1);
  const lasts = asked.map(({ order, after, max }) => Math.min(order.version, after + max));
  const rows = await tx.$queryRaw<(EntryRow & { nth: bigint })[]>`
    /* orders.lines */ SELECT asked.nth, ${eventColumns}
    FROM unnest(${ids}::uuid[], ${firsts}::int[], ${lasts}::int[])
      WITH ORDINALITY AS asked(id, first, last, nth)
    JOIN order_event e ON e.order_id = asked.id AND e.sequence BETWEEN asked.first AND asked.last
    ORDER BY asked.nth, e.sequence`;
  const byPlace = grouped(rows, ({ nth }) => String(nth));
  return asked.map(({ order }, place) =>
    (byPlace.get(String(place + 1)) ?? []).map((row) => toEntry(row, order.currency)),
  );
}
