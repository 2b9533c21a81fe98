import { Decimal } from '@simplebank/kernel/decimal';
import type { Reader, Tx } from '../../data/client.ts';
import { type ActivityKind, activityKinds, type NewActivity } from '../domain/activity.ts';
import { toJson } from './rows.ts';

/** One statement for all. Accounts that only the ledger knows are found by their row there. */
export async function insertActivities(tx: Tx, activities: readonly NewActivity[]): Promise<void> {
  if (activities.length === 0) return;
  await tx.$executeRaw`/* ledger.insert-activities */
    INSERT INTO activity (account_id, at, kind, amount, currency, value, symbol, quantity, status,
                          order_id, execution_id, payment_id, transaction_id)
    SELECT coalesce(a."accountId", l.account_id), a.at, a.kind, a.amount, a.currency, a.value,
           a.symbol, a.quantity, a.status, a."orderId", a."executionId", a."paymentId",
           a."transactionId"
    FROM ROWS FROM (json_to_recordset(${toJson(activities)}::json)
      AS ("accountId" uuid, "ledgerAccountId" bigint, at timestamptz, kind text, amount numeric,
          currency text, value numeric, symbol text, quantity numeric, status text,
          "orderId" uuid, "executionId" text, "paymentId" uuid, "transactionId" uuid))
      WITH ORDINALITY AS a("accountId", "ledgerAccountId", at, kind, amount, currency, value,
                           symbol, quantity, status, "orderId", "executionId", "paymentId",
                           "transactionId", place)
    LEFT JOIN ledger_account l ON l.id = a."ledgerAccountId"
    ORDER BY a.place`;
}

export type ActivityRow = Omit<NewActivity, 'ledgerAccountId' | 'accountId' | 'currency'> & {
  readonly id: bigint;
  readonly currency: string;
};
/** Where an activity stands in its feed. */
export type ActivityPlace = { readonly at: Date; readonly id: bigint };
export type ActivityFilter = {
  /** Null: all. */
  readonly kinds: readonly ActivityKind[] | null;
  readonly orderId: string | null;
  /** At that instant or later. */
  readonly from: Date | null;
  /** Earlier than that instant. */
  readonly to: Date | null;
};
export type ActivityPage = ActivityFilter & {
  readonly accountId: string;
  /** Older than this one; null for the newest. */
  readonly before: ActivityPlace | null;
  readonly limit: number;
};

/** Later and earlier than any activity; PostgreSQL knows infinity, JavaScript's dates do not. */
const beyondAll = { at: new Date('9999-12-31T00:00:00.000Z'), id: 9_223_372_036_854_775_807n };
const beforeAll = new Date('0001-01-01T00:00:00.000Z');

/**
 * Newest first. One kind after the other, or one order, is read from an index of its own, so that a
 * page costs what it shows, however much else has happened on the account.
 */
export async function listActivities(db: Reader, page: ActivityPage): Promise<ActivityRow[]> {
  if (page.orderId !== null) return listOfOrder(db, page);
  return page.kinds === null ? listAll(db, page) : listOfKinds(db, page);
}

const edges = ({ before, from, to }: ActivityPage) => ({
  ...(before ?? beyondAll),
  from: from ?? beforeAll,
  to: to ?? beyondAll.at,
});

async function listAll(db: Reader, page: ActivityPage): Promise<ActivityRow[]> {
  const { at, id, from, to } = edges(page);
  const rows = await db.$queryRaw<Row[]>`/* ledger.list-activities */
    SELECT id, kind, at, amount::text, currency, value::text, symbol, quantity::text, status,
           order_id::text AS "orderId", execution_id AS "executionId",
           payment_id::text AS "paymentId", transaction_id::text AS "transactionId"
    FROM activity
    WHERE account_id = ${page.accountId}::uuid AND at >= ${from} AND at < ${to}
      AND (at, id) < (${at}, ${id})
    ORDER BY at DESC, id DESC LIMIT ${page.limit}`;
  return rows.map(toActivity);
}

async function listOfKinds(db: Reader, page: ActivityPage): Promise<ActivityRow[]> {
  const { at, id, from, to } = edges(page);
  const rows = await db.$queryRaw<Row[]>`/* ledger.list-activities-of-kinds */
    SELECT id, a.kind, at, amount::text, currency, value::text, symbol, quantity::text, status,
           order_id::text AS "orderId", execution_id AS "executionId",
           payment_id::text AS "paymentId", transaction_id::text AS "transactionId"
    FROM unnest(${[...new Set(page.kinds ?? activityKinds)]}::text[]) AS wanted (kind)
    CROSS JOIN LATERAL (
      SELECT * FROM activity
      WHERE account_id = ${page.accountId}::uuid AND kind = wanted.kind
        AND at >= ${from} AND at < ${to} AND (at, id) < (${at}, ${id})
      ORDER BY at DESC, id DESC LIMIT ${page.limit}
    ) AS a
    ORDER BY at DESC, id DESC LIMIT ${page.limit}`;
  return rows.map(toActivity);
}

async function listOfOrder(db: Reader, page: ActivityPage): Promise<ActivityRow[]> {
  const { at, id, from, to } = edges(page);
  const kinds = [...(page.kinds ?? activityKinds)];
  const rows = await db.$queryRaw<Row[]>`/* ledger.list-activities-of-order */
    SELECT id, kind, at, amount::text, currency, value::text, symbol, quantity::text, status,
           order_id::text AS "orderId", execution_id AS "executionId",
           payment_id::text AS "paymentId", transaction_id::text AS "transactionId"
    FROM activity
    WHERE order_id = ${page.orderId}::uuid AND account_id = ${page.accountId}::uuid
      AND kind = ANY(${kinds}) AND at >= ${from} AND at < ${to} AND (at, id) < (${at}, ${id})
    ORDER BY at DESC, id DESC LIMIT ${page.limit}`;
  return rows.map(toActivity);
}

type Amounts = 'amount' | 'value' | 'quantity';
/** An activity as PostgreSQL answers it. */
export type Row = Omit<ActivityRow, Amounts> & {
  readonly amount: string;
  readonly value: string | null;
  readonly quantity: string | null;
};

export const toActivity = ({ amount, value, quantity, ...row }: Row): ActivityRow => ({
  ...row,
  amount: new Decimal(amount),
  value: value === null ? null : new Decimal(value),
  quantity: quantity === null ? null : new Decimal(quantity),
});

/** What happened before an instant and is in no statement yet, oldest first. */
export async function listForStatement(
  tx: Reader,
  { accountId, before, after }: StatementRange,
): Promise<ActivityRow[]> {
  const { at: edge, through } = after ?? { at: beforeAll, through: 0n };
  const rows = await tx.$queryRaw<Row[]>`/* ledger.list-for-statement */
    SELECT id, kind, at, amount::text, currency, value::text, symbol, quantity::text, status,
           order_id::text AS "orderId", execution_id AS "executionId",
           payment_id::text AS "paymentId", transaction_id::text AS "transactionId"
    FROM activity
    WHERE account_id = ${accountId}::uuid AND at < ${before}
      AND at >= ${edge}::timestamptz - interval '2 days'
      AND NOT (at < ${edge} AND id <= ${through})
    ORDER BY at, id`;
  return rows.map(toActivity);
}

export type StatementRange = {
  readonly accountId: string;
  readonly before: Date;
  /** The end of the statement before, and the last activity that it could have shown. */
  readonly after: { readonly at: Date; readonly through: bigint } | null;
};

/** By how much cash was moved from an instant on. */
export async function sumFrom(tx: Reader, accountId: string, from: Date): Promise<Decimal> {
  const [row] = await tx.$queryRaw<{ moved: string }[]>`/* ledger.sum-from */
    SELECT coalesce(sum(amount), 0)::text AS moved FROM activity
    WHERE account_id = ${accountId}::uuid AND at >= ${from}`;
  return new Decimal(row?.moved ?? 0);
}
