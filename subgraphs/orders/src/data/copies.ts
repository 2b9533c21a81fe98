import type { Account } from '../domain/account.ts';
import type { Asset } from '../domain/asset.ts';
import type { Quote } from '../domain/prices.ts';
import { toAsset } from './asset-rows.ts';
import type { Prisma, Transaction } from './client.ts';
import { decimalOf } from './order-rows.ts';

/** Upserts in key order; an older version than the one known changes nothing. */
export async function saveAccounts(tx: Transaction, accounts: readonly Account[]): Promise<void> {
  const rows = accounts.map(({ number, ...account }) => ({ ...account, number: String(number) }));
  await tx.$executeRaw`
    /* orders.save-accounts */
    INSERT INTO account (id, number, owner_ids, currency, status, version)
    SELECT id, number, "ownerIds", currency, status, version
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS a(id uuid, number bigint,
      "ownerIds" uuid[], currency text, status text, version int)
    ORDER BY id
    ON CONFLICT (id) DO UPDATE SET number = excluded.number, owner_ids = excluded.owner_ids,
      currency = excluded.currency, status = excluded.status, version = excluded.version
    WHERE account.version < excluded.version`;
}

export async function saveAssets(tx: Transaction, assets: readonly Asset[]): Promise<void> {
  await tx.$executeRaw`
    /* orders.save-assets */
    INSERT INTO asset (id, symbol, name, type, currency, fractionable, state, ticks, version)
    SELECT id, symbol, name, type, currency, fractionable, state, ticks, version
    FROM jsonb_to_recordset(${JSON.stringify(assets)}::jsonb) AS a(id uuid, symbol text, name text,
      type text, currency text, fractionable boolean, state text, ticks jsonb, version int)
    ORDER BY id
    ON CONFLICT (id) DO UPDATE SET symbol = excluded.symbol, name = excluded.name,
      type = excluded.type, currency = excluded.currency, fractionable = excluded.fractionable,
      state = excluded.state, ticks = excluded.ticks, version = excluded.version
    WHERE asset.version < excluded.version`;
}

/** Every asset quotes all day long: one statement for all quotes of a batch. */
export async function saveQuotes(tx: Transaction, quotes: readonly Quote[]): Promise<void> {
  const rows = quotes.map((quote) => ({ ...quote, sequence: String(quote.sequence) }));
  await tx.$executeRaw`
    /* orders.save-quotes */
    INSERT INTO quote (asset_id, bid, ask, last, sequence, at)
    SELECT "assetId", bid, ask, last, sequence, at
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS q("assetId" uuid, bid numeric,
      ask numeric, last numeric, sequence bigint, at timestamptz)
    ORDER BY "assetId"
    ON CONFLICT (asset_id) DO UPDATE SET bid = excluded.bid, ask = excluded.ask,
      last = excluded.last, sequence = excluded.sequence, at = excluded.at
    WHERE quote.sequence < excluded.sequence`;
}

/** Accounts by UUID or by number. Every order asks. */
export const findAccounts = (
  tx: Transaction,
  { ids, numbers }: { readonly ids: readonly string[]; readonly numbers: readonly bigint[] },
): PromiseLike<Account[]> => tx.$queryRaw<Account[]>`
    /* orders.accounts */
    SELECT id, number, owner_ids AS "ownerIds", currency, status, version FROM account
    WHERE id = ANY(${[...ids]}::uuid[]) OR number = ANY(${numbers.map(String)}::bigint[])`;

export type Listing = { readonly asset: Asset | null; readonly quote: Quote | null };

/** Assets that are known here, each with its last quote. */
export async function findListings(
  tx: Transaction,
  assetIds: readonly string[],
): Promise<readonly Listing[]> {
  const [assets, quotes] = await Promise.all([
    tx.asset.findMany({ where: { id: { in: [...assetIds] } } }),
    tx.quote.findMany({ where: { assetId: { in: [...assetIds] } } }),
  ]);
  const byAsset = new Map(quotes.map((row) => [row.assetId, row]));
  return assets.map((asset) => {
    const row = byAsset.get(asset.id);
    return { asset: toAsset(asset), quote: row ? toQuote(row) : null };
  });
}

export type QuoteRow = Prisma.QuoteGetPayload<null>;

export const toQuote = (row: QuoteRow): Quote => ({
  ...row,
  bid: decimalOf(row.bid),
  ask: decimalOf(row.ask),
  last: decimalOf(row.last),
});
