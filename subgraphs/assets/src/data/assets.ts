import { Decimal } from '@simplebank/kernel/decimal';
import { type AssetId, isUuid } from '@simplebank/kernel/ids';
import type { Currency } from '@simplebank/kernel/money';
import type { Asset, AssetState, AssetType } from '../domain/asset.ts';
import { type Asset as AssetRow, Prisma } from '../generated/prisma/client.ts';
import type { Tx } from './client.ts';

const columns = Prisma.sql`id, symbol, name, type, sector, sub_industry AS "subIndustry", currency,
  fractionable, state, version, tick_from AS "tickFrom", tick_size AS "tickSize"`;

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

type Listed = { readonly symbols: readonly string[] | null; readonly max: number };

/** By symbol; of these symbols, or of all. */
export async function listAssets(db: Tx, { symbols, max }: Listed): Promise<Asset[]> {
  const rows = await db.asset.findMany({
    where: symbols ? { symbol: { in: [...symbols] } } : {},
    orderBy: { symbol: 'asc' },
    take: max,
  });
  return rows.map(toAsset);
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
    SELECT ${columns} FROM asset WHERE symbol = ANY(${[...symbols]}) ORDER BY id FOR UPDATE`;
  return new Map(rows.map((row) => [row.symbol, toAsset(row)]));
}

/** Those that are there, in the order of their ids. */
export async function lockAssetsById(tx: Tx, ids: readonly string[]): Promise<Asset[]> {
  const rows = await tx.$queryRaw<AssetRow[]>`
    /* assets.lock-by-id */
    SELECT ${columns} FROM asset WHERE id = ANY(${[...ids]}::uuid[]) ORDER BY id FOR UPDATE`;
  return rows.map(toAsset);
}

/** Null when there is no such asset. */
export async function lockAsset(tx: Tx, id: AssetId): Promise<Asset | null> {
  const [row] = await tx.$queryRaw<AssetRow[]>`
    /* assets.lock */
    SELECT ${columns} FROM asset WHERE id = ${id}::uuid FOR UPDATE`;
  return row ? toAsset(row) : null;
}

/** Inserts new assets and overwrites known ones, one statement for all. */
export async function saveAssets(tx: Tx, assets: readonly Asset[], at: Date): Promise<void> {
  if (assets.length === 0) return;
  const column = <K extends keyof Asset>(name: K) => assets.map((asset) => asset[name]);
  const ladders = (end: 'from' | 'tick') => assets.map(({ ticks }) => ladderOf(ticks, end));
  await tx.$executeRaw`
    /* assets.save */
    INSERT INTO asset (id, symbol, name, type, sector, sub_industry, currency, fractionable, state,
                       version, tick_from, tick_size, created_at, updated_at)
    SELECT given.id, symbol, name, type, sector, sub_industry, currency, fractionable, state,
           version, tick_from::numeric[], tick_size::numeric[], ${at.toISOString()}::timestamptz,
           ${at.toISOString()}::timestamptz
    FROM unnest(
      ${column('id')}::uuid[], ${column('symbol')}::text[], ${column('name')}::text[],
      ${column('type')}::text[], ${column('sector')}::text[], ${column('subIndustry')}::text[],
      ${column('currency')}::text[], ${column('fractionable')}::boolean[],
      ${column('state')}::text[], ${column('version')}::int[], ${ladders('from')}::text[],
      ${ladders('tick')}::text[]) AS given (id, symbol, name, type, sector, sub_industry, currency,
        fractionable, state, version, tick_from, tick_size)
    ON CONFLICT (id) DO UPDATE SET
      name = excluded.name, sector = excluded.sector, sub_industry = excluded.sub_industry,
      fractionable = excluded.fractionable, state = excluded.state, version = excluded.version,
      tick_from = excluded.tick_from, tick_size = excluded.tick_size,
      updated_at = excluded.updated_at`;
}

/** One side of a tick table as PostgreSQL writes an array. */
export const ladderOf = (ticks: Asset['ticks'], end: 'from' | 'tick'): string =>
  `{${ticks.map((tick) => tick[end].toFixed()).join()}}`;

const decimalOf = (value: { toFixed(): string } | undefined) => new Decimal(value?.toFixed() ?? 0);

/** An asset as its own row has it, or the copy that the search answers from. */
export const toAsset = (row: Omit<AssetRow, 'createdAt' | 'updatedAt'>): Asset => ({
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
  ticks: row.tickFrom.map((from, rung) => ({
    from: decimalOf(from),
    tick: decimalOf(row.tickSize[rung]),
  })),
});
