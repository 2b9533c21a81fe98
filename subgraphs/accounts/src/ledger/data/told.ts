import type { Reader } from '../../data/client.ts';
import type { ToldPlace } from '../domain/told.ts';
import { type ActivityRow, type Row, toActivity } from './activities.ts';

/** Every transaction below this number has ended: what it recorded is there, or never will be. */
export async function findHorizon(db: Reader): Promise<bigint> {
  const [row] = await db.$queryRaw<{ horizon: bigint }[]>`/* ledger.told-horizon */
    SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS horizon`;
  if (!row) throw new Error('the database told no snapshot');
  return row.horizon;
}

export type ToldAsked = {
  readonly accountId: string;
  readonly after: ToldPlace;
  /** From `findHorizon`, asked before: activities above it may still be joined by earlier ones. */
  readonly horizon: bigint;
  readonly max: number;
};
export type ToldActivity = ActivityRow & { readonly recordedIn: bigint };

/** Activities of the account after a place, in the order in which they are told. */
export async function listTold(db: Reader, asked: ToldAsked): Promise<ToldActivity[]> {
  const { accountId, after, horizon, max } = asked;
  const rows = await db.$queryRaw<(Row & { recordedIn: bigint })[]>`/* ledger.list-told */
    SELECT id, kind, at, amount::text, currency, value::text, symbol, quantity::text, status,
           order_id::text AS "orderId", execution_id AS "executionId",
           payment_id::text AS "paymentId", transaction_id::text AS "transactionId",
           recorded_in AS "recordedIn"
    FROM activity
    WHERE account_id = ${accountId}::uuid AND recorded_in < ${horizon}
      AND (recorded_in, id) > (${after.recordedIn}, ${after.id})
    ORDER BY recorded_in, id LIMIT ${max}`;
  return rows.map((row) => ({ ...toActivity(row), recordedIn: row.recordedIn }));
}
