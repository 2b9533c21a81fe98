import type { AccountId } from '@simplebank/kernel/ids';
import type { Account } from '../domain/account.ts';
import type { Asset, LastPrice } from '../domain/copies.ts';
import type { Account as AccountRow } from '../generated/prisma/client.ts';
import type { Tx } from './client.ts';

/** Keeps the row of the higher version. */
export async function saveAccount(tx: Tx, account: Account): Promise<void> {
  await tx.$executeRaw`
    /* accounts.save-copy */
    INSERT INTO account (id, number, owner_ids, currency, status, version, as_of)
    VALUES (${account.id}::uuid, ${account.number}, ${[...account.ownerIds]}::uuid[],
            ${account.currency}, ${account.status}, ${account.version},
            ${account.asOf.toISOString()}::timestamptz)
    ON CONFLICT (id) DO UPDATE SET
      number = excluded.number, owner_ids = excluded.owner_ids, currency = excluded.currency,
      status = excluded.status, version = excluded.version, as_of = excluded.as_of
    WHERE account.version < excluded.version`;
}

/**
 * Keeps the rows of the higher versions; one statement for a whole batch. A copy of an earlier
 * release lacks its sector, and gets it from the version that it is of.
 */
export async function saveAssets(tx: Tx, assets: readonly Asset[]): Promise<void> {
  const column = <K extends keyof Asset>(name: K) => assets.map((asset) => asset[name]);
  await tx.$executeRaw`
    /* assets.save-copies */
    INSERT INTO asset (id, symbol, name, type, sector, version, as_of)
    SELECT * FROM unnest(
      ${column('id')}::uuid[], ${column('symbol')}::text[], ${column('name')}::text[],
      ${column('type')}::text[], ${column('sector')}::text[], ${column('version')}::int[],
      ${assets.map(({ asOf }) => asOf.toISOString())}::timestamptz[])
    ON CONFLICT (id) DO UPDATE SET
      symbol = excluded.symbol, name = excluded.name, type = excluded.type,
      sector = excluded.sector, version = excluded.version, as_of = excluded.as_of
    WHERE asset.version < excluded.version
      OR asset.version = excluded.version AND asset.sector IS NULL`;
}

/** Keeps the prices of the higher sequences; one statement for a whole batch. */
export async function savePrices(tx: Tx, prices: readonly LastPrice[]): Promise<void> {
  await tx.$executeRaw`
    /* prices.save-copies */
    INSERT INTO price (asset_id, last, sequence, at)
    SELECT * FROM unnest(
      ${prices.map(({ assetId }) => assetId)}::uuid[],
      ${prices.map(({ last }) => last.toFixed())}::numeric[],
      ${prices.map(({ sequence }) => sequence)}::bigint[],
      ${prices.map(({ at }) => at.toISOString())}::timestamptz[])
    ON CONFLICT (asset_id) DO UPDATE SET
      last = excluded.last, sequence = excluded.sequence, at = excluded.at
    WHERE price.sequence < excluded.sequence`;
}

/** Answers in the order of `ids`, as DataLoader requires; accounts not known yet answer null. */
export async function findAccounts(db: Tx, ids: readonly string[]): Promise<(Account | null)[]> {
  const rows = await db.account.findMany({ where: { id: { in: [...ids] } } });
  const byId = new Map(rows.map((row) => [row.id, toAccount(row)]));
  return ids.map((id) => byId.get(id) ?? null);
}

export async function findAccountByNumber(db: Tx, number: bigint): Promise<Account | null> {
  const row = await db.account.findUnique({ where: { number } });
  return row && toAccount(row);
}

/** Oldest first. */
export async function findAccountsOf(db: Tx, ownerId: string, limit: number): Promise<Account[]> {
  const rows = await db.account.findMany({
    where: { ownerIds: { has: ownerId } },
    orderBy: { number: 'asc' },
    take: limit,
  });
  return rows.map(toAccount);
}

const toAccount = (row: AccountRow): Account => ({ ...row, id: row.id as AccountId });
