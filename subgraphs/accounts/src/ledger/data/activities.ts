import { Decimal } from '@simplebank/kernel/decimal';
import type { Reader } from '../../data/client.ts';

export type ActivityRow = {
  readonly id: bigint;
  readonly kind: string;
  readonly amount: Decimal;
  readonly currency: string;
  readonly at: Date;
  readonly orderId: string | null;
  readonly paymentId: string | null;
};
export type ActivityPage = {
  readonly accountId: string;
  /** Older than this entry; null for the newest. */
  readonly before: bigint | null;
  readonly limit: number;
};

type Row = Omit<ActivityRow, 'amount'> & { readonly amount: string };

/** More than the number of any entry. */
const beyondAll = 9_223_372_036_854_775_807n;

/**
 * Entries of cash, and those by which a debt arose, newest first. Each ledger account answers one
 * page from its own index: asked together, PostgreSQL may walk the entries of all customers.
 */
export async function listActivities(db: Reader, page: ActivityPage): Promise<ActivityRow[]> {
  const rows = await db.$queryRaw<Row[]>`/* ledger.list-activities */
    SELECT e.id, CASE l.kind WHEN 'debt' THEN 'DEBT' ELSE t.kind END AS kind, e.amount::text,
           e.currency, t.at, t.order_id::text AS "orderId", t.payment_id::text AS "paymentId"
    FROM ledger_account l
    CROSS JOIN LATERAL (
      SELECT * FROM entry
      WHERE ledger_account_id = l.id AND id < ${page.before ?? beyondAll}
        AND (l.kind = 'cash' OR amount < 0)
      ORDER BY id DESC LIMIT ${page.limit}
    ) AS e
    JOIN transaction t ON t.id = e.transaction_id
    WHERE l.account_id = ${page.accountId}::uuid
    ORDER BY e.id DESC LIMIT ${page.limit}`;
  return rows.map((row) => ({ ...row, amount: new Decimal(row.amount) }));
}
