import { Decimal } from '@simplebank/kernel/decimal';
import { type Currency, isCurrency } from '@simplebank/kernel/money';
import { monthAfter, monthStart } from '@simplebank/kernel/month';
import type { MonthEndPosition } from '../domain/month-end.ts';
import type { Tx } from './client.ts';

export type MonthOf = { readonly month: string; readonly accountIds: readonly string[] };

type Row = {
  accountId: string;
  assetId: string;
  symbol: string | null;
  currency: string;
  quantity: string;
  cost: string;
  last: string | null;
  at: Date | null;
};

export type PositionOf = MonthEndPosition & { readonly accountId: string };

/**
 * What accounts held when a month ended, from what was executed until then and not from what they
 * hold now, by symbol. The price is the last one before the end of the month. Sums over lots,
 * matches and splits for any number of accounts.
 */
export async function findMonthEnds(tx: Tx, { month, accountIds }: MonthOf): Promise<PositionOf[]> {
  const end = monthStart(monthAfter(month)).toISOString();
  const rows = await tx.$queryRaw<Row[]>`
    /* month-ends.positions */
    WITH moved AS (
      SELECT account_id, asset_id, quantity, cost FROM lot
      WHERE account_id = ANY(${[...accountIds]}::uuid[]) AND acquired_at < ${end}::timestamptz
      UNION ALL
      SELECT lot.account_id, lot.asset_id, -m.quantity, -m.cost
      FROM lot JOIN lot_match AS m ON m.lot_id = lot.id
      JOIN execution AS sale ON sale.order_id = m.order_id AND sale.execution_id = m.execution_id
      WHERE lot.account_id = ANY(${[...accountIds]}::uuid[])
        AND sale.executed_at < ${end}::timestamptz
      UNION ALL
      SELECT lot.account_id, lot.asset_id, s.quantity_after - s.quantity_before, 0
      FROM lot JOIN lot_split AS s ON s.lot_id = lot.id
      JOIN corporate_action AS split ON split.id = s.action_id
      WHERE lot.account_id = ANY(${[...accountIds]}::uuid[])
        AND split.ex_date < ${`${monthAfter(month)}-01`}::date
    ), held AS (
      SELECT account_id, asset_id, sum(quantity) AS quantity, sum(cost) AS cost FROM moved
      GROUP BY account_id, asset_id HAVING sum(quantity) > 0
    )
    SELECT held.account_id AS "accountId", held.asset_id AS "assetId", asset.symbol,
           position.currency, held.quantity::text, held.cost::text, priced.last::text, priced.at
    FROM held
    JOIN position USING (account_id, asset_id)
    LEFT JOIN asset ON asset.id = held.asset_id
    LEFT JOIN LATERAL (
      SELECT last, at FROM (
        SELECT last, at FROM price WHERE price.asset_id = held.asset_id
        UNION ALL
        SELECT last, at FROM month_end_price AS kept
        WHERE kept.asset_id = held.asset_id AND kept.month <= ${month}
      ) AS known
      WHERE at < ${end}::timestamptz ORDER BY at DESC LIMIT 1
    ) AS priced ON true
    ORDER BY held.account_id, coalesce(asset.symbol, '') COLLATE "C", held.asset_id`;
  return rows.map(toPosition);
}

/** Net gain by account of what was matched in a month; what was matched anew is counted in both. */
export async function findRealizedGains(
  tx: Tx,
  { month, accountIds }: MonthOf,
): Promise<ReadonlyMap<string, Decimal>> {
  const [from, to] = [monthStart(month), monthStart(monthAfter(month))];
  const rows = await tx.$queryRaw<{ accountId: string; gain: string }[]>`
    /* month-ends.gains */
    SELECT lot.account_id AS "accountId", sum(m.net_gain)::text AS gain
    FROM lot JOIN lot_match AS m ON m.lot_id = lot.id
    WHERE lot.account_id = ANY(${[...accountIds]}::uuid[])
      AND m.matched_at >= ${from.toISOString()}::timestamptz
      AND m.matched_at < ${to.toISOString()}::timestamptz
    GROUP BY lot.account_id`;
  return new Map(rows.map(({ accountId, gain }) => [accountId, new Decimal(gain)]));
}

const toPosition = ({ currency, quantity, cost, last, at, ...row }: Row): PositionOf => ({
  ...row,
  currency: known(currency),
  quantity: new Decimal(quantity),
  cost: new Decimal(cost),
  price: last !== null && at ? { perUnit: new Decimal(last), at } : null,
});

function known(currency: string): Currency {
  if (isCurrency(currency)) return currency;
  throw new Error(`a position in ${currency}`);
}
