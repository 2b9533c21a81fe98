import { Decimal } from '@simplebank/kernel/decimal';
import type { AccountId, AssetId } from '@simplebank/kernel/ids';
import type { Currency } from '@simplebank/kernel/money';
import { grouped } from '../domain/grouped.ts';
import type { Holding, HoldingPlace } from '../domain/holding.ts';
import { Prisma } from '../generated/prisma/client.ts';
import type { Tx } from './client.ts';
import { joinPrice, type PriceRow, priceColumns, toKnownPrice } from './known-prices.ts';

/** At most `max` of one account's holdings; `after` null is from the first. */
export type HoldingWish = {
  readonly accountId: string;
  readonly max: number;
  readonly after: HoldingPlace | null;
};

type Row = PriceRow & {
  wish: number;
  accountId: string;
  assetId: string;
  symbol: string | null;
  name: string | null;
  currency: string;
  quantity: string;
  reserved: string;
  cost: string;
};

const columns = Prisma.sql`position.account_id AS "accountId", position.asset_id AS "assetId",
  asset.symbol, asset.name, position.currency, position.quantity::text, position.reserved::text,
  position.cost::text, ${priceColumns}`;

/**
 * One statement for the pages of any number of accounts, so that a request for a hundred accounts
 * costs what a request for one does. Positions that are empty are not holdings.
 */
export async function findHoldings(db: Tx, wishes: readonly HoldingWish[]): Promise<Holding[][]> {
  const rows = await db.$queryRaw<Row[]>`
    /* holdings.pages */
    SELECT wish.ordinal::int AS wish, page.* FROM unnest(
      ${wishes.map(({ accountId }) => accountId)}::uuid[],
      ${wishes.map(({ max }) => max)}::int[],
      ${wishes.map(({ after }) => after?.symbol ?? '')}::text[],
      ${wishes.map(({ after }) => after?.assetId ?? nilId)}::uuid[])
      WITH ORDINALITY AS wish (account_id, size, after_symbol, after_asset, ordinal)
    CROSS JOIN LATERAL (
      SELECT ${columns} FROM position
      LEFT JOIN asset ON asset.id = position.asset_id
      ${joinPrice('position')}
      WHERE position.account_id = wish.account_id AND position.quantity > 0
        AND (coalesce(asset.symbol, '') COLLATE "C", position.asset_id)
            > (wish.after_symbol, wish.after_asset)
      ORDER BY coalesce(asset.symbol, '') COLLATE "C", position.asset_id
      LIMIT wish.size
    ) AS page
    ORDER BY wish.ordinal, coalesce(page.symbol, '') COLLATE "C", page."assetId"`;
  const byWish = grouped(rows, ({ wish }) => String(wish));
  return wishes.map((_, index) => (byWish.get(String(index + 1)) ?? []).map(toHolding));
}

/** A position of an account by its asset, which is named by UUID or by symbol. */
export type PositionWish = {
  readonly accountId: string;
  readonly asset: { readonly id: string } | { readonly symbol: string };
};

/** In the order of the wishes, null where nothing is held; one statement for all of them. */
export async function findPositions(
  db: Tx,
  wishes: readonly PositionWish[],
): Promise<(Holding | null)[]> {
  const rows = await db.$queryRaw<Row[]>`
    /* holdings.positions */
    SELECT wish.ordinal::int AS wish, ${columns}
    FROM unnest(
      ${wishes.map(({ accountId }) => accountId)}::uuid[],
      ${wishes.map(({ asset }) => ('id' in asset ? asset.id : null))}::uuid[],
      ${wishes.map(({ asset }) => ('symbol' in asset ? asset.symbol : null))}::text[])
      WITH ORDINALITY AS wish (account_id, asset_id, symbol, ordinal)
    JOIN asset ON asset.id = wish.asset_id OR asset.symbol = wish.symbol
    JOIN position ON position.account_id = wish.account_id AND position.asset_id = asset.id
    ${joinPrice('position')}
    WHERE position.quantity > 0`;
  const byWish = new Map(rows.map((row) => [row.wish, toHolding(row)]));
  return wishes.map((_, index) => byWish.get(index + 1) ?? null);
}

/** Before every id. */
const nilId = '00000000-0000-0000-0000-000000000000';

const toHolding = (row: Row): Holding => ({
  accountId: row.accountId as AccountId,
  assetId: row.assetId as AssetId,
  symbol: row.symbol,
  name: row.name,
  quantity: new Decimal(row.quantity),
  reserved: new Decimal(row.reserved),
  cost: { amount: new Decimal(row.cost), currency: row.currency as Currency },
  lastPrice: toKnownPrice(row),
});
