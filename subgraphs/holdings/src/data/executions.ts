import { Decimal } from '@simplebank/kernel/decimal';
import type { OrderId } from '@simplebank/kernel/ids';
import type { Execution } from '../domain/execution.ts';
import type { Missing } from '../domain/sale.ts';
import type { Tx } from './client.ts';

/** Answers those that were not booked before, in the order given. */
export async function insertExecutions(
  tx: Tx,
  executions: readonly Execution[],
): Promise<Execution[]> {
  const column = <K extends keyof Execution>(name: K) => executions.map((row) => row[name]);
  const amounts = (name: 'quantity' | 'value' | 'fee') =>
    executions.map((row) => row[name].toFixed());
  const rows = await tx.$queryRaw<{ key: string }[]>`
    /* executions.insert */
    INSERT INTO execution (order_id, execution_id, account_id, asset_id, side, currency, quantity,
                           value, fee, ordinal, late, executed_at, trade_date, settlement_date)
    SELECT * FROM unnest(
      ${column('orderId')}::uuid[], ${column('executionId')}::text[],
      ${column('accountId')}::uuid[], ${column('assetId')}::uuid[], ${column('side')}::text[],
      ${column('currency')}::text[], ${amounts('quantity')}::numeric[],
      ${amounts('value')}::numeric[], ${amounts('fee')}::numeric[], ${column('ordinal')}::int[],
      ${column('late')}::boolean[],
      ${executions.map(({ executedAt }) => executedAt.toISOString())}::timestamptz[],
      ${column('tradeDate')}::date[], ${column('settlementDate')}::date[])
    ON CONFLICT DO NOTHING
    RETURNING order_id || ' ' || execution_id AS key`;
  const fresh = new Set(rows.map(({ key }) => key));
  // Of two equal ones in one call the first counts: `delete` answers true only once.
  return executions.filter(({ orderId, executionId }) => fresh.delete(`${orderId} ${executionId}`));
}

export type Ended = { readonly orderId: OrderId; readonly awaited: number };

/** How many of the first `awaited` executions of each order are booked. */
export async function countBooked(
  tx: Tx,
  orders: readonly Ended[],
): Promise<ReadonlyMap<OrderId, number>> {
  if (orders.length === 0) return new Map();
  const rows = await tx.$queryRaw<{ orderId: string; booked: number }[]>`
    /* executions.count-booked */
    SELECT ended.order_id AS "orderId", count(execution.order_id)::int AS booked
    FROM unnest(${orders.map(({ orderId }) => orderId)}::uuid[],
                ${orders.map(({ awaited }) => awaited)}::int[]) AS ended (order_id, awaited)
    LEFT JOIN execution ON execution.order_id = ended.order_id
                       AND execution.ordinal <= ended.awaited
    GROUP BY ended.order_id`;
  return new Map(rows.map(({ orderId, booked }) => [orderId as OrderId, booked]));
}

export type SoldOn = { readonly on: string; readonly quantity: Decimal };

/** What orders have sold here already, by trade date; most come before their executions. */
export async function soldByDay(
  tx: Tx,
  orderIds: readonly OrderId[],
): Promise<ReadonlyMap<string, SoldOn[]>> {
  const rows = await tx.$queryRaw<{ orderId: string; on: string; sold: string }[]>`
    /* executions.sold */
    SELECT order_id AS "orderId", trade_date::text AS on,
           sum(execution.quantity - coalesce(missing_shares.quantity, 0))::text AS sold
    FROM execution
    LEFT JOIN missing_shares USING (order_id, execution_id)
    WHERE order_id = ANY(${[...orderIds]}::uuid[])
    GROUP BY order_id, trade_date ORDER BY order_id, trade_date`;
  const sold = new Map<string, SoldOn[]>();
  for (const { orderId, on, sold: quantity } of rows) {
    sold.set(orderId, [...(sold.get(orderId) ?? []), { on, quantity: new Decimal(quantity) }]);
  }
  return sold;
}

type MissingRow = Omit<Missing, 'execution'> & {
  readonly execution: Pick<Execution, 'orderId' | 'executionId' | 'accountId' | 'assetId'>;
};

/** The house's error position: shares that a late fill sold and nobody had (domain §3.6). */
export async function insertMissingShares(
  tx: Tx,
  missing: readonly MissingRow[],
  raisedAt: Date,
): Promise<void> {
  if (missing.length === 0) return;
  await tx.missingShares.createMany({
    data: missing.map(({ execution, quantity, value, fee }) => ({
      orderId: execution.orderId,
      executionId: execution.executionId,
      accountId: execution.accountId,
      assetId: execution.assetId,
      quantity: quantity.toFixed(),
      value: value.toFixed(),
      fee: fee.toFixed(),
      raisedAt,
    })),
  });
}
