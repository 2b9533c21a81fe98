import { Decimal } from '@simplebank/kernel/decimal';
import { type Currency, isCurrency } from '@simplebank/kernel/money';
import type { Tx } from '../../data/client.ts';
import { grouped } from '../../domain/grouped.ts';
import { type LivePosition, nothingYet, type Portfolio } from '../domain/portfolio.ts';

export type PortfolioWish = { readonly accountId: string; readonly currency: string };

type CashRow = {
  accountId: string;
  cash: string;
  inflow: string;
  outflow: string;
  firstDay: string | null;
  valuedThrough: string | null;
  isBehind: boolean;
};
type PositionRow = Omit<LivePosition, 'quantity' | 'value'> & {
  accountId: string;
  quantity: string;
  value: string | null;
};

/**
 * What accounts have now, in the order of the wishes: two statements for any number of accounts.
 * `today` is the day in New York, of which closes may be.
 */
export async function findPortfolios(
  db: Tx,
  wishes: readonly PortfolioWish[],
  today: string,
): Promise<Portfolio[]> {
  const ids = wishes.map(({ accountId }) => accountId);
  const [cash, positions] = await Promise.all([findCash(db, ids), findPositions(db, ids, today)]);
  const cashOf = new Map(cash.map((row) => [row.accountId, row]));
  const positionsOf = grouped(positions, ({ accountId }) => accountId);
  return wishes.map(({ accountId, currency }) => {
    const held = (positionsOf.get(accountId) ?? []).map(toPosition);
    const row = cashOf.get(accountId);
    const empty = nothingYet(accountId, known(currency));
    return { ...empty, ...(row ? toCash(row) : {}), positions: held };
  });
}

const findCash = (db: Tx, ids: readonly string[]): Promise<CashRow[]> =>
  db.$queryRaw<CashRow[]>`
    /* performance.live-cash */
    SELECT wish.account_id AS "accountId", total.cash::text, recent.inflow::text,
      recent.outflow::text, valued.first_day::text AS "firstDay",
      valued.valued_through::text AS "valuedThrough",
      EXISTS (SELECT FROM valuation_mark AS mark WHERE mark.account_id = wish.account_id)
        AS "isBehind"
    FROM unnest(${[...ids]}::uuid[]) AS wish (account_id)
    LEFT JOIN account_valuation AS valued USING (account_id)
    CROSS JOIN LATERAL (
      SELECT coalesce(sum(amount), 0) AS cash FROM cash_fact AS fact
      WHERE fact.account_id = wish.account_id) AS total
    CROSS JOIN LATERAL (
      SELECT coalesce(sum(amount) FILTER (WHERE amount > 0), 0) AS inflow,
        coalesce(-sum(amount) FILTER (WHERE amount < 0), 0) AS outflow
      FROM cash_fact AS fact
      WHERE fact.account_id = wish.account_id
        AND fact.day > coalesce(valued.valued_through, '-infinity')
        AND fact.kind IN ('DEPOSIT', 'DEPOSIT_RETURNED', 'WITHDRAWAL', 'WITHDRAWAL_RETURNED')
    ) AS recent`;

/**
 * At the last price, or the last close where no price has come yet; put on the basis of now when a
 * split has begun since that price, as holdings are.
 */
const findPositions = (db: Tx, ids: readonly string[], today: string): Promise<PositionRow[]> =>
  db.$queryRaw<PositionRow[]>`
    /* performance.live-positions */
    SELECT position.account_id AS "accountId", position.asset_id AS "assetId", asset.symbol,
      asset.name, asset.type, asset.sector, position.quantity::text,
      round((SELECT position.quantity * last.price * product(denominator) / product(numerator)
        FROM corporate_action AS a WHERE a.asset_id = position.asset_id AND a.kind = 'SPLIT'
          AND a.ex_date > last.day AND a.told_at >= last.at), 2)::text AS value,
      last.at AS "pricedAt"
    FROM position
    LEFT JOIN asset ON asset.id = position.asset_id
    LEFT JOIN LATERAL (
      SELECT last AS price, at, (at AT TIME ZONE 'America/New_York')::date AS day, 0 AS rank
      FROM price WHERE price.asset_id = position.asset_id
      UNION ALL
      (SELECT close, (day + time '16:00') AT TIME ZONE 'America/New_York', day, 1
       FROM asset_close AS c WHERE c.asset_id = position.asset_id AND c.day <= ${today}::date
       ORDER BY c.day DESC LIMIT 1)
      ORDER BY rank LIMIT 1
    ) AS last ON true
    WHERE position.account_id = ANY(${[...ids]}::uuid[]) AND position.quantity > 0
    ORDER BY position.account_id, coalesce(asset.symbol, '') COLLATE "C", position.asset_id`;

const toCash = ({ accountId: _, cash, inflow, outflow, ...row }: CashRow) => ({
  ...row,
  cash: new Decimal(cash),
  inflow: new Decimal(inflow),
  outflow: new Decimal(outflow),
});

const toPosition = ({ accountId: _, quantity, value, ...row }: PositionRow): LivePosition => ({
  ...row,
  quantity: new Decimal(quantity),
  value: value === null ? null : new Decimal(value),
});

function known(currency: string): Currency {
  if (isCurrency(currency)) return currency;
  throw new Error(`an account in ${currency}`);
}
