import { Decimal } from '@simplebank/kernel/decimal';
import type { Currency } from '@simplebank/kernel/money';
import type { Tx } from '../../data/client.ts';
import { joinPrice, type PriceRow, priceColumns, toKnownPrice } from '../../data/known-prices.ts';
import { grouped } from '../../domain/grouped.ts';
import type { LotView } from '../domain/lot-view.ts';

type LotPlace = { readonly acquiredAt: Date; readonly id: string };

/** At most `max` lots of an account; null: of any state, of any asset, from the first. */
export type LotWish = {
  readonly accountId: string;
  readonly assetId: string | null;
  readonly state: 'OPEN' | 'CLOSED' | null;
  readonly after: LotPlace | null;
  readonly max: number;
};

type Amount =
  | 'quantity'
  | 'splitChange'
  | 'remaining'
  | 'cost'
  | 'fee'
  | 'remainingCost'
  | 'remainingFee';
type Row = Omit<LotView, Amount | 'currency' | 'lastPrice'> &
  Readonly<Record<Amount | 'currency', string>> &
  PriceRow & { readonly wish: number };

const beforeAll: LotPlace = {
  acquiredAt: new Date('0001-01-01T00:00:00.000Z'),
  id: '00000000-0000-0000-0000-000000000000',
};

/** Pages of any number of accounts and positions in one statement, oldest lot first. */
export async function findLotPages(db: Tx, wishes: readonly LotWish[]): Promise<LotView[][]> {
  const places = wishes.map(({ after }) => after ?? beforeAll);
  const rows = await db.$queryRaw<Row[]>`
    /* lots.pages */
    SELECT wish.ordinal::int AS wish, page.* FROM unnest(
      ${wishes.map(({ accountId }) => accountId)}::uuid[],
      ${wishes.map(({ assetId }) => assetId)}::uuid[],
      ${wishes.map(({ state }) => state)}::text[], ${wishes.map(({ max }) => max)}::int[],
      ${places.map(({ acquiredAt }) => acquiredAt.toISOString())}::timestamptz[],
      ${places.map(({ id }) => id)}::uuid[])
      WITH ORDINALITY AS wish (account_id, asset_id, state, size, after_at, after_id, ordinal)
    CROSS JOIN LATERAL (
      SELECT lot.id::text, lot.account_id::text AS "accountId", lot.asset_id::text AS "assetId",
             asset.symbol, execution.currency, lot.order_id::text AS "orderId",
             lot.execution_id AS "executionId", lot.acquired_at AS "acquiredAt",
             lot.acquired_on::text AS "acquiredOn", lot.quantity::text,
             lot.split_change::text AS "splitChange", lot.remaining::text, lot.cost::text,
             lot.fee::text, lot.remaining_cost::text AS "remainingCost",
             lot.remaining_fee::text AS "remainingFee", ${priceColumns}
      FROM lot
      JOIN execution USING (order_id, execution_id)
      LEFT JOIN asset ON asset.id = lot.asset_id
      ${joinPrice('lot')}
      WHERE lot.account_id = wish.account_id
        AND (wish.asset_id IS NULL OR lot.asset_id = wish.asset_id)
        AND (wish.state IS NULL OR (lot.remaining > 0) = (wish.state = 'OPEN'))
        AND (lot.acquired_at, lot.id) > (wish.after_at, wish.after_id)
      ORDER BY lot.acquired_at, lot.id LIMIT wish.size
    ) AS page
    ORDER BY wish.ordinal, page."acquiredAt", page.id::uuid`;
  const byWish = grouped(rows, ({ wish }) => String(wish));
  return wishes.map((_, index) => (byWish.get(String(index + 1)) ?? []).map(toLotView));
}

const toLotView = ({
  wish: _,
  last,
  at,
  newShares,
  oldShares,
  currency,
  ...row
}: Row): LotView => ({
  ...row,
  currency: currency as Currency,
  quantity: new Decimal(row.quantity),
  splitChange: new Decimal(row.splitChange),
  remaining: new Decimal(row.remaining),
  cost: new Decimal(row.cost),
  fee: new Decimal(row.fee),
  remainingCost: new Decimal(row.remainingCost),
  remainingFee: new Decimal(row.remainingFee),
  lastPrice: toKnownPrice({ last, at, newShares, oldShares }),
});
