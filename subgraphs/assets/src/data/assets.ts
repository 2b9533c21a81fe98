import { type AssetId, isUuid } from '@simplebank/kernel/ids';
import type { Currency } from '@simplebank/kernel/money';
import type { Asset, AssetState, AssetType } from '../domain/asset.ts';
import type { Asset as AssetRow } from '../generated/prisma/client.ts';
import type { Tx } from './client.ts';

/** Answers in the order of `ids`, as DataLoader requires; unknown ids answer null. */
export async function findAssets(db: Tx, ids: readonly string[]): Promise<(Asset | null)[]> {
  const rows = await db.asset.findMany({ where: { id: { in: ids.filter(isUuid) } } });
  const byId = new Map(rows.map((row) => [row.id, toAsset(row)]));
  return ids.map((id) => byId.get(id) ?? null);
}

export async function findAssetBySymbol(db: Tx, symbol: string): Promise<Asset | null> {
  const row = await db.asset.findUnique({ where: { symbol } });
  return row && toAsset(row);
}

/** Where a match stands in its search. */
type AssetPlace = { readonly rank: number; readonly symbol: string };
export type AssetSearch = {
  readonly text: string;
  readonly after: AssetPlace | null;
  readonly limit: number;
};
export type AssetMatch = Asset & AssetPlace;

/** Matches of the symbol's beginning (rank 0), then of the name (rank 1), each by symbol. */
export async function searchAssets(
  db: Tx,
  { text, after, limit }: AssetSearch,
): Promise<AssetMatch[]> {
  const literal = text.replace(/[\\%_]/g, '\\$&');
  const rows = await db.$queryRaw<(AssetRow & { rank: number })[]>`
    /* assets.search */
    SELECT id, symbol, name, type, sector, sub_industry AS "subIndustry", currency, fractionable,
           state, version, rank
    FROM (
      SELECT *, CASE WHEN symbol LIKE ${`${literal.toUpperCase()}%`} THEN 0 ELSE 1 END AS rank
      FROM asset
      WHERE symbol LIKE ${`${literal.toUpperCase()}%`} OR name ILIKE ${`%${literal}%`}
    ) AS matched
    WHERE (rank, symbol COLLATE "C") > (${after?.rank ?? -1}::int, ${after?.symbol ?? ''})
    ORDER BY rank, symbol COLLATE "C"
    LIMIT ${limit}`;
  return rows.map((row) => ({ ...toAsset(row), rank: row.rank }));
}

/** Registrations run one after the other: they are rare, and a symbol must not appear twice. */
export async function lockRegistry(tx: Tx): Promise<void> {
  await tx.$executeRaw`
    /* assets.lock-registry */
    SELECT pg_advisory_xact_lock(hashtextextended('assets.registry', 0))`;
}

export async function lockAssetsBySymbol(
  tx: Tx,
  symbols: readonly string[],
): Promise<ReadonlyMap<string, Asset>> {
  const rows = await tx.$queryRaw<AssetRow[]>`
    /* assets.lock-by-symbol */
    SELECT id, symbol, name, type, sector, sub_industry AS "subIndustry", currency, fractionable,
           state, version
    FROM asset WHERE symbol = ANY(${[...symbols]}) ORDER BY id FOR UPDATE`;
  return new Map(rows.map((row) => [row.symbol, toAsset(row)]));
}

/** Null when there is no such asset. */
export async function lockAsset(tx: Tx, id: AssetId): Promise<Asset | null> {
  const [row] = await tx.$queryRaw<AssetRow[]>`
    /* assets.lock */
    SELECT id, symbol, name, type, sector, sub_industry AS "subIndustry", currency, fractionable,
           state, version
    FROM asset WHERE id = ${id}::uuid FOR UPDATE`;
  return row ? toAsset(row) : null;
}

/** Inserts new assets and overwrites known ones, one statement for all. */
export async function saveAssets(tx: Tx, assets: readonly Asset[], at: Date): Promise<void> {
  if (assets.length === 0) return;
  const column = <K extends keyof Asset>(name: K) => assets.map((asset) => asset[name]);
  await tx.$executeRaw`
    /* assets.save */
    INSERT INTO asset (id, symbol, name, type, sector, sub_industry, currency, fractionable, state,
                       version, created_at, updated_at)
    SELECT given.*, ${at.toISOString()}::timestamptz, ${at.toISOString()}::timestamptz
    FROM unnest(
      ${column('id')}::uuid[], ${column('symbol')}::text[], ${column('name')}::text[],
      ${column('type')}::text[], ${column('sector')}::text[], ${column('subIndustry')}::text[],
      ${column('currency')}::text[], ${column('fractionable')}::boolean[],
      ${column('state')}::text[], ${column('version')}::int[]) AS given
    ON CONFLICT (id) DO UPDATE SET
      name = excluded.name, sector = excluded.sector, sub_industry = excluded.sub_industry,
      fractionable = excluded.fractionable, state = excluded.state, version = excluded.version,
      updated_at = excluded.updated_at`;
}

const toAsset = (row: Omit<AssetRow, 'createdAt' | 'updatedAt'>): Asset => ({
  id: row.id as AssetId,
  symbol: row.symbol,
  name: row.name,
  type: row.type as AssetType,
  sector: row.sector,
  subIndustry: row.subIndustry,
  currency: row.currency as Currency,
  fractionable: row.fractionable,
  state: row.state as AssetState,
  version: row.version,
});
