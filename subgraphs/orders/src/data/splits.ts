import type { Split } from '../domain/split.ts';
import { Prisma, type Transaction } from './client.ts';
import type { DueOrder } from './due-orders.ts';
import { dateOf } from './order-rows.ts';

/** A split and since when positions are on its basis. */
export type NewSplit = Split & {
  readonly assetId: string;
  readonly symbol: string;
  /** Orders from before it are on the old basis: when it took effect, or its ex-date began. */
  readonly basisAt: Date;
  readonly recordedAt: Date;
};

/** A split whose orders are not all re-based. */
export type OpenSplit = NewSplit;

/** Once per action, whatever tells it again. */
export async function insertSplits(tx: Transaction, splits: readonly NewSplit[]): Promise<void> {
  await tx.$executeRaw`
    /* orders.insert-splits */
    INSERT INTO split (action_id, asset_id, symbol, ex_date, numerator, denominator, basis_at,
      recorded_at)
    SELECT "actionId", "assetId", symbol, "exDate", numerator, denominator,
      "basisAt", "recordedAt"
    FROM jsonb_to_recordset(${JSON.stringify(splits)}::jsonb) AS s("actionId" uuid,
      "assetId" uuid, symbol text, "exDate" date, numerator int, denominator int,
      "basisAt" timestamptz, "recordedAt" timestamptz)
    ORDER BY 1
    ON CONFLICT (action_id) DO NOTHING`;
}

export async function findOpenSplits(db: Transaction): Promise<readonly OpenSplit[]> {
  const rows = await db.split.findMany({
    where: { doneAt: null },
    orderBy: [{ exDate: 'asc' }, { actionId: 'asc' }],
  });
  return rows.map((row) => ({ ...row, exDate: dateOf(row.exDate) }));
}

/** A split, and orders of it that are left for later. */
export type Due = { readonly split: OpenSplit; readonly except: readonly string[] };

/**
 * Orders from before the split that it has not changed yet: those that have not ended, and those
 * that ended since its ex-date began, for which executions may still come. Each part has an index.
 */
const unchanged = ({ split: { actionId, assetId, basisAt }, except }: Due) => Prisma.sql`
  FROM "order" o WHERE o.asset_id = ${assetId}::uuid AND o.created_at < ${basisAt}::timestamptz
    AND NOT EXISTS (SELECT FROM order_event e
      WHERE e.order_id = o.id AND e.action_id = ${actionId}::uuid)
    AND (o.status IN ('RESERVING', 'ACCEPTED', 'OPEN', 'PLACED', 'PARTIALLY_FILLED',
        'CANCEL_PENDING')
      OR (o.status IN ('FILLED', 'CANCELED', 'EXPIRED', 'REJECTED', 'FAILED')
        AND o.updated_at >= ${basisAt}::timestamptz))
    AND o.id <> ALL(${[...except]}::uuid[])`;

/** Whether `lockUnchanged` would find one, now or when it is free. */
export async function isAnyUnchanged(db: Transaction, due: Due): Promise<boolean> {
  const [row] = await db.$queryRaw<{ due: boolean }[]>`
    /* orders.is-any-unchanged */ SELECT EXISTS (SELECT ${unchanged(due)}) AS due`;
  return row?.due ?? false;
}

/** A page of them, in key order. Rows held by others come with the next one. */
export async function lockUnchanged(tx: Transaction, due: Due, max: number): Promise<DueOrder[]> {
  return tx.$queryRaw<DueOrder[]>`
    /* orders.lock-unchanged */
    SELECT o.id, p.correlation_id AS "correlationId", p.traceparent
    FROM "order" o JOIN order_process p ON p.order_id = o.id
    WHERE o.id IN (SELECT o.id ${unchanged(due)})
    ORDER BY o.id LIMIT ${max} FOR UPDATE OF o SKIP LOCKED`;
}

export async function markDone(tx: Transaction, actionId: string, at: Date): Promise<void> {
  await tx.split.updateMany({ where: { actionId, doneAt: null }, data: { doneAt: at } });
}
