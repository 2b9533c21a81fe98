import { Decimal } from '@simplebank/kernel/decimal';
import { type Currency, isCurrency } from '@simplebank/kernel/money';
import type { Tx } from '../../data/client.ts';

export type DueItem = {
  readonly id: string;
  /** Null: the house pays for it. */
  readonly accountId: string | null;
  readonly orderId: string;
  readonly executionId: string;
  readonly side: 'BUY' | 'SELL';
  readonly value: Decimal;
  readonly currency: Currency;
  readonly dueOn: string;
};

type Row = {
  readonly id: string;
  readonly account_id: string | null;
  readonly order_id: string;
  readonly execution_id: string;
  readonly side: 'BUY' | 'SELL';
  readonly value: string;
  readonly currency: string;
  readonly due_on: string;
};

/** Oldest first. Only one settlement job runs at a time, so nobody else takes them. */
export async function findDueItems(
  tx: Tx,
  { today, max }: { readonly today: string; readonly max: number },
): Promise<DueItem[]> {
  const rows = await tx.$queryRaw<Row[]>`/* trades.find-due-items */
    SELECT s.id::text, l.account_id::text, s.order_id::text, s.execution_id, s.side,
           s.value::text, s.currency, s.due_on::text
    FROM settlement_item s JOIN ledger_account l ON l.id = s.ledger_account_id
    WHERE s.settled_at IS NULL AND s.due_on <= ${today}::date
    ORDER BY s.due_on, s.id LIMIT ${max}`;
  return rows.map(({ account_id, order_id, execution_id, due_on, value, currency, ...row }) => {
    if (!isCurrency(currency)) throw new Error(`settlement item ${row.id} in ${currency}`);
    const ids = { accountId: account_id, orderId: order_id, executionId: execution_id };
    return { ...row, ...ids, value: new Decimal(value), currency, dueOn: due_on };
  });
}

export type Settled = { readonly id: string; readonly transactionId: string | null };

/** Throws when one of them had settled before: a trigger lets an item settle once. */
export async function markSettled(tx: Tx, settled: readonly Settled[], at: Date): Promise<void> {
  await tx.$executeRaw`/* trades.mark-settled */
    UPDATE settlement_item s SET settled_at = ${at}, transaction_id = d."transactionId"
    FROM json_to_recordset(${JSON.stringify(settled)}::json) AS d(id uuid, "transactionId" uuid)
    WHERE s.id = d.id`;
}
