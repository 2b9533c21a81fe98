import type { IdOrNumber } from '@simplebank/kernel/ids';
import type { Database, Tx } from '../../data/client.ts';
import type { RunStep } from '../domain/advance.ts';
import type { Run, RunTerms } from '../domain/run.ts';
import type { RunStatus } from '../domain/transitions.ts';
import { toRun, withItems } from './run-rows.ts';

type Reader = Database | Tx;

export async function findRun(db: Reader, key: IdOrNumber): Promise<Run | null> {
  const row = await db.rebalanceRun.findUnique({ where: key, include: withItems });
  return row && toRun(row);
}

/** Answers in the order of `ids`, as DataLoader requires; unknown ids answer null. */
export async function findRuns(
  db: Reader,
  ids: readonly string[],
): Promise<readonly (Run | null)[]> {
  const where = { id: { in: [...ids] } };
  const rows = await db.rebalanceRun.findMany({ where, include: withItems });
  const byId = new Map(rows.map((row) => [row.id, toRun(row)]));
  return ids.map((id) => byId.get(id) ?? null);
}

/** A page of the runs of one account; null begins with the newest. */
export type RunsAsked = {
  readonly accountId: string;
  readonly first: number;
  readonly after: bigint | null;
};

/** Newest first for each account, one row more than asked for; two statements for all of them. */
export async function findRunsOf(
  db: Reader,
  asked: readonly RunsAsked[],
): Promise<readonly (readonly Run[])[]> {
  const pages = asked.map(({ accountId, first, after }, place) => {
    return { accountId, first, after: after?.toString() ?? null, place };
  });
  const found = await db.$queryRaw<{ place: number; id: string }[]>`
    /* strategies.rebalance-runs-of-accounts */
    SELECT page.place, run.id::text
    FROM jsonb_to_recordset(${JSON.stringify(pages)}::jsonb)
      AS page("accountId" uuid, first int, after bigint, place int)
    CROSS JOIN LATERAL (
      SELECT id, number FROM rebalance_run
      WHERE account_id = page."accountId" AND (page.after IS NULL OR number < page.after)
      ORDER BY number DESC LIMIT page.first + 1
    ) run
    ORDER BY page.place, run.number DESC`;
  const runs = await findRuns(
    db,
    found.map(({ id }) => id),
  );
  return asked.map((_, place) =>
    found.flatMap((row, nth) => (row.place === place ? (runs[nth] ?? []) : [])),
  );
}

/** The run of the same account before this one; null for its first. */
export async function findRunBefore(
  db: Reader,
  { accountId, number: after }: Pick<Run, 'accountId' | 'number'>,
): Promise<Run | null> {
  const [page] = await findRunsOf(db, [{ accountId, first: 1, after }]);
  return page?.[0] ?? null;
}

/** False when the account has an open run. The row is QUEUED until the run begins. */
export async function insertRun(
  tx: Tx,
  { amount, ...terms }: RunTerms,
  deadline: Date,
): Promise<boolean> {
  const start = { status: 'QUEUED', changedBy: 'RECORD', deadline };
  const data = [{ ...terms, ...start, amount: amount?.toFixed() ?? null }];
  const inserted = await tx.rebalanceRun.createMany({ data, skipDuplicates: true });
  return inserted.count === 1;
}

/** Locks the runs in key order until the end of the transaction. */
export async function lockRuns(tx: Tx, ids: readonly string[]): Promise<readonly Run[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    /* strategies.lock-rebalance-runs */
    SELECT id::text FROM rebalance_run WHERE id = ANY(${[...ids]}::uuid[]) ORDER BY id FOR UPDATE`;
  const runs = await findRuns(
    tx,
    rows.map(({ id }) => id),
  );
  return runs.filter((run) => run !== null);
}

/** Ids of runs past their deadline, the longest overdue first. */
export async function overdueRuns(
  db: Reader,
  { now, max }: { readonly now: Date; readonly max: number },
): Promise<readonly string[]> {
  const open: readonly RunStatus[] = ['QUEUED', 'SELLING', 'BUYING'];
  const rows = await db.rebalanceRun.findMany({
    where: { status: { in: [...open] }, deadline: { lte: now } },
    orderBy: { deadline: 'asc' },
    take: max,
    select: { id: true },
  });
  return rows.map(({ id }) => id);
}

/** Runs that wait for the market, in the order in which they were asked for. */
export const queuedRunsAfter = (
  db: Reader,
  { after, max }: { readonly after: bigint; readonly max: number },
): Promise<readonly { readonly id: string; readonly number: bigint }[]> =>
  db.rebalanceRun.findMany({
    where: { status: 'QUEUED', number: { gt: after } },
    orderBy: { number: 'asc' },
    take: max,
    select: { id: true, number: true },
  });

/** Saves one step of a locked run; the event is looked up in the table of transitions. */
export async function saveStep(tx: Tx, { event, run }: RunStep): Promise<void> {
  const { id, status, reason, proceeds, deadline, endedAt, eventVersion } = run;
  await tx.rebalanceRun.update({
    where: { id },
    data: {
      ...{ status, changedBy: event, reason, deadline, endedAt, eventVersion },
      proceeds: proceeds?.toFixed() ?? null,
    },
  });
}

/** Saves what has become of the items; they are written when the run begins. */
export async function saveItems(tx: Tx, { id, items }: Run): Promise<void> {
  if (items.length === 0) return;
  const rows = items.map((item, position) => ({ ...item, position }));
  await tx.$executeRaw`
    /* strategies.save-rebalance-items */
    INSERT INTO rebalance_item (run_id, side, asset_id, position, percentage, value, price, wanted,
      amount, quantity, status, skip_reason, code, order_id, order_status, order_version,
      filled_quantity, filled_value, fees)
    SELECT ${id}::uuid, side, "assetId", position, percentage, value, price, wanted, amount,
      quantity, status, "skipReason", code, "orderId", "orderStatus", "orderVersion",
      "filledQuantity", "filledValue", fees
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS input (side text, "assetId" uuid,
      position int, percentage numeric, value numeric, price numeric, wanted numeric,
      amount numeric, quantity numeric, status text, "skipReason" text, code text, "orderId" uuid,
      "orderStatus" text, "orderVersion" int, "filledQuantity" numeric, "filledValue" numeric,
      fees numeric)
    ON CONFLICT (run_id, side, asset_id) DO UPDATE SET amount = excluded.amount,
      status = excluded.status, skip_reason = excluded.skip_reason, code = excluded.code,
      order_id = excluded.order_id, order_status = excluded.order_status,
      order_version = excluded.order_version, filled_quantity = excluded.filled_quantity,
      filled_value = excluded.filled_value, fees = excluded.fees`;
}
