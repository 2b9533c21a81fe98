import { Decimal } from '@simplebank/kernel/decimal';
import type { Currency } from '@simplebank/kernel/money';
import type { Tx } from '../../data/client.ts';
import { grouped } from '../../domain/grouped.ts';
import type { GainTotal, GainView } from '../domain/lot-view.ts';

type GainPlace = { readonly soldAt: Date; readonly id: string };

/** Gains of an account by trade date, both ends included; null: no bound, any asset. */
export type GainScope = {
  readonly accountId: string;
  readonly assetId: string | null;
  readonly from: string | null;
  readonly to: string | null;
};
export type GainWish = GainScope & { readonly before: GainPlace | null; readonly max: number };

type Amount = 'quantity' | 'proceeds' | 'cost' | 'buyFee' | 'saleFee' | 'grossGain' | 'netGain';
type Row = Omit<GainView, Amount | 'currency'> &
  Readonly<Record<Amount | 'currency', string>> & { readonly wish: number };

const afterAll: GainPlace = {
  soldAt: new Date('9999-12-31T00:00:00.000Z'),
  id: 'ffffffff-ffff-ffff-ffff-ffffffffffff',
};
const firstDay = '0001-01-01';
const lastDay = '9999-12-31';

const scopeColumns = (wishes: readonly GainScope[]) => ({
  accounts: wishes.map(({ accountId }) => accountId),
  assets: wishes.map(({ assetId }) => assetId),
  froms: wishes.map(({ from }) => from ?? firstDay),
  tos: wishes.map(({ to }) => to ?? lastDay),
});

/** Pages of any number of accounts in one statement, newest sale first; reversed ones are gone. */
export async function findGainPages(db: Tx, wishes: readonly GainWish[]): Promise<GainView[][]> {
  const { accounts, assets, froms, tos } = scopeColumns(wishes);
  const places = wishes.map(({ before }) => before ?? afterAll);
  const rows = await db.$queryRaw<Row[]>`
    /* gains.pages */
    SELECT wish.ordinal::int AS wish, page.* FROM unnest(
      ${accounts}::uuid[], ${assets}::uuid[], ${froms}::date[], ${tos}::date[],
      ${wishes.map(({ max }) => max)}::int[],
      ${places.map(({ soldAt }) => soldAt.toISOString())}::timestamptz[],
      ${places.map(({ id }) => id)}::uuid[])
      WITH ORDINALITY
      AS wish (account_id, asset_id, from_day, to_day, size, before_at, before_id, ordinal)
    CROSS JOIN LATERAL (
      SELECT m.id::text, sale.asset_id::text AS "assetId", asset.symbol, sale.currency,
             m.lot_id::text AS "lotId", m.order_id::text AS "orderId",
             m.execution_id AS "executionId", lot.acquired_on::text AS "acquiredOn",
             sale.trade_date::text AS "soldOn", sale.executed_at AS "soldAt", m.quantity::text,
             m.proceeds::text, m.cost::text, m.buy_fee::text AS "buyFee",
             m.sale_fee::text AS "saleFee", m.gross_gain::text AS "grossGain",
             m.net_gain::text AS "netGain", m.term
      FROM execution AS sale
      JOIN lot_match AS m USING (order_id, execution_id)
      JOIN lot ON lot.id = m.lot_id
      LEFT JOIN asset ON asset.id = sale.asset_id
      WHERE sale.account_id = wish.account_id AND sale.side = 'SELL'
        AND (wish.asset_id IS NULL OR sale.asset_id = wish.asset_id)
        AND sale.trade_date BETWEEN wish.from_day AND wish.to_day
        AND sale.executed_at <= wish.before_at
        AND (sale.executed_at, m.id) < (wish.before_at, wish.before_id)
        AND m.reverses IS NULL
        AND NOT EXISTS (SELECT FROM lot_match AS reversal WHERE reversal.reverses = m.id)
      ORDER BY sale.executed_at DESC, m.id DESC LIMIT wish.size
    ) AS page
    ORDER BY wish.ordinal, page."soldAt" DESC, page.id::uuid DESC`;
  const byWish = grouped(rows, ({ wish }) => String(wish));
  return wishes.map((_, index) => (byWish.get(String(index + 1)) ?? []).map(toGain));
}

const toGain = ({ wish: _, currency, ...row }: Row): GainView => ({
  ...row,
  currency: currency as Currency,
  quantity: new Decimal(row.quantity),
  proceeds: new Decimal(row.proceeds),
  cost: new Decimal(row.cost),
  buyFee: new Decimal(row.buyFee),
  saleFee: new Decimal(row.saleFee),
  grossGain: new Decimal(row.grossGain),
  netGain: new Decimal(row.netGain),
});

type Sum = 'proceeds' | 'cost' | 'fees' | 'grossGain' | 'netGain';
type TotalRow = Omit<GainTotal, Sum | 'currency'> &
  Readonly<Record<Sum | 'currency', string>> & { readonly wish: number };

/** Sums by year of sale and term, of any number of accounts in one statement. */
export async function sumGains(db: Tx, scopes: readonly GainScope[]): Promise<GainTotal[][]> {
  const { accounts, assets, froms, tos } = scopeColumns(scopes);
  const rows = await db.$queryRaw<TotalRow[]>`
    /* gains.totals */
    SELECT wish.ordinal::int AS wish, extract(year FROM sale.trade_date)::int AS year, m.term,
           sale.currency, count(DISTINCT (m.order_id, m.execution_id))::int AS sales,
           sum(m.proceeds)::text AS proceeds, sum(m.cost)::text AS cost,
           sum(m.buy_fee + m.sale_fee)::text AS fees, sum(m.gross_gain)::text AS "grossGain",
           sum(m.net_gain)::text AS "netGain"
    FROM unnest(${accounts}::uuid[], ${assets}::uuid[], ${froms}::date[], ${tos}::date[])
      WITH ORDINALITY AS wish (account_id, asset_id, from_day, to_day, ordinal)
    JOIN execution AS sale ON sale.account_id = wish.account_id AND sale.side = 'SELL'
      AND (wish.asset_id IS NULL OR sale.asset_id = wish.asset_id)
      AND sale.trade_date BETWEEN wish.from_day AND wish.to_day
    JOIN lot_match AS m USING (order_id, execution_id)
    WHERE m.reverses IS NULL
      AND NOT EXISTS (SELECT FROM lot_match AS reversal WHERE reversal.reverses = m.id)
    GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4`;
  const byWish = grouped(rows, ({ wish }) => String(wish));
  return scopes.map((_, index) => (byWish.get(String(index + 1)) ?? []).map(toTotal));
}

const toTotal = ({ wish: _, currency, ...row }: TotalRow): GainTotal => ({
  ...row,
  currency: currency as Currency,
  proceeds: new Decimal(row.proceeds),
  cost: new Decimal(row.cost),
  fees: new Decimal(row.fees),
  grossGain: new Decimal(row.grossGain),
  netGain: new Decimal(row.netGain),
});
