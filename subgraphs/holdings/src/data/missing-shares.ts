import { Decimal } from '@simplebank/kernel/decimal';
import type { MissingKey, MissingResolution, MissingShares } from '../domain/missing-shares.ts';
import type { Tx } from './client.ts';

export type MissingPlace = MissingKey & { readonly raisedAt: Date };
export type MissingPage = {
  /** Only those about which nobody has decided. */
  readonly open: boolean;
  /** Older than this one; null for the newest. */
  readonly before: MissingPlace | null;
  readonly limit: number;
};

type Row = Omit<MissingShares, 'quantity' | 'value' | 'resolution'> & {
  readonly quantity: string;
  readonly value: string;
  readonly resolution: (Omit<MissingResolution, 'at'> & { readonly at: string }) | null;
};

const last = { raisedAt: new Date('9999-12-31T00:00:00.000Z'), executionId: '' };
const lastOrder = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** Newest first. */
export async function listMissingShares(db: Tx, page: MissingPage): Promise<MissingShares[]> {
  const { raisedAt, orderId, executionId } = page.before ?? { ...last, orderId: lastOrder };
  const rows = await db.$queryRaw<Row[]>`
    /* missing-shares.list */
    SELECT m.order_id::text AS "orderId", m.execution_id AS "executionId",
           m.account_id::text AS "accountId", m.asset_id::text AS "assetId", asset.symbol,
           e.currency, m.quantity::text, m.value::text, m.raised_at AS "raisedAt",
           CASE WHEN r.order_id IS NOT NULL THEN json_build_object('kind', r.kind,
             'reason', r.reason, 'actor', r.actor, 'idempotencyKey', r.idempotency_key,
             'at', r.at) END AS resolution
    FROM missing_shares AS m
    JOIN execution AS e USING (order_id, execution_id)
    LEFT JOIN asset ON asset.id = m.asset_id
    LEFT JOIN missing_shares_resolution AS r USING (order_id, execution_id)
    WHERE (NOT ${page.open} OR r.order_id IS NULL)
      AND (m.raised_at, m.order_id, m.execution_id)
          < (${raisedAt.toISOString()}::timestamptz, ${orderId}::uuid, ${executionId})
    ORDER BY m.raised_at DESC, m.order_id DESC, m.execution_id DESC LIMIT ${page.limit}`;
  return rows.map(toMissing);
}

/** Locked, so that one decides at a time; null when it is not there. */
export async function lockMissingShares(tx: Tx, key: MissingKey): Promise<MissingShares | null> {
  const { orderId, executionId } = key;
  // The table is append-only and cannot be locked by row; the name of the row can.
  const name = `missing:${orderId}:${executionId}`;
  await tx.$queryRaw`
    /* missing-shares.lock */
    SELECT pg_advisory_xact_lock(hashtextextended(${name}, 0))::text`;
  return findMissingShares(tx, key);
}

export async function findMissingShares(db: Tx, key: MissingKey): Promise<MissingShares | null> {
  const rows = await db.$queryRaw<Row[]>`
    /* missing-shares.find */
    SELECT m.order_id::text AS "orderId", m.execution_id AS "executionId",
           m.account_id::text AS "accountId", m.asset_id::text AS "assetId", asset.symbol,
           e.currency, m.quantity::text, m.value::text, m.raised_at AS "raisedAt",
           CASE WHEN r.order_id IS NOT NULL THEN json_build_object('kind', r.kind,
             'reason', r.reason, 'actor', r.actor, 'idempotencyKey', r.idempotency_key,
             'at', r.at) END AS resolution
    FROM missing_shares AS m
    JOIN execution AS e USING (order_id, execution_id)
    LEFT JOIN asset ON asset.id = m.asset_id
    LEFT JOIN missing_shares_resolution AS r USING (order_id, execution_id)
    WHERE m.order_id = ${key.orderId}::uuid AND m.execution_id = ${key.executionId}`;
  return rows[0] ? toMissing(rows[0]) : null;
}

export type NewMissingResolution = MissingKey &
  MissingResolution & { readonly role: string; readonly requestId: string };

/** False when this key was used for other shares before. */
export async function insertMissingResolution(
  tx: Tx,
  resolution: NewMissingResolution,
): Promise<boolean> {
  const { count } = await tx.missingSharesResolution.createMany({
    data: [resolution],
    skipDuplicates: true,
  });
  return count === 1;
}

export type ErrorPosition = {
  readonly assetId: string;
  readonly symbol: string | null;
  readonly quantity: Decimal;
};

/** What the house is short of: all missing shares that nobody has dealt with, by asset. */
export async function sumErrorPositions(db: Tx): Promise<ErrorPosition[]> {
  const rows = await db.$queryRaw<(Omit<ErrorPosition, 'quantity'> & { quantity: string })[]>`
    /* missing-shares.positions */
    SELECT m.asset_id::text AS "assetId", asset.symbol, (-sum(m.quantity))::text AS quantity
    FROM missing_shares AS m LEFT JOIN asset ON asset.id = m.asset_id
    WHERE NOT EXISTS (SELECT FROM missing_shares_resolution AS r
                      WHERE r.order_id = m.order_id AND r.execution_id = m.execution_id)
    GROUP BY m.asset_id, asset.symbol ORDER BY coalesce(asset.symbol, '') COLLATE "C", m.asset_id`;
  return rows.map(({ quantity, ...row }) => ({ ...row, quantity: new Decimal(quantity) }));
}

const toMissing = ({ quantity, value, resolution, ...row }: Row): MissingShares => ({
  ...row,
  quantity: new Decimal(quantity),
  value: new Decimal(value),
  resolution: resolution && { ...resolution, at: new Date(resolution.at) },
});
