import { Decimal } from '@simplebank/kernel/decimal';
import { type Currency, isCurrency } from '@simplebank/kernel/money';
import type { Tx } from '../../data/client.ts';
import { joinPrice } from '../../data/known-prices.ts';
import type { HoldingsTotal } from '../domain/lot-view.ts';

type Row = {
  accountId: string;
  currency: string;
  positions: number;
  cost: string;
  value: string | null;
  asOf: Date | null;
};

/**
 * Sums over all positions, of any number of accounts in one statement. Each value is half up to the
 * cent, so that they sum to the whole as they are shown. Null for an account not known here.
 */
export async function sumHoldings(
  db: Tx,
  accountIds: readonly string[],
): Promise<(HoldingsTotal | null)[]> {
  const rows = await db.$queryRaw<Row[]>`
    /* holdings.totals */
    SELECT account.id::text AS "accountId", account.currency,
           count(position.asset_id)::int AS positions,
           coalesce(sum(position.cost), 0)::text AS cost,
           CASE WHEN count(price.last) = count(position.asset_id)
             THEN coalesce(sum(round(
               position.quantity * price.last * old_shares / new_shares, 2)), 0)::text END AS value,
           min(price.at) AS "asOf"
    FROM account
    LEFT JOIN position ON position.account_id = account.id AND position.quantity > 0
    ${joinPrice('position')}
    WHERE account.id = ANY(${[...accountIds]}::uuid[])
    GROUP BY account.id`;
  const byId = new Map(rows.map((row) => [row.accountId, toTotal(row)]));
  return accountIds.map((id) => byId.get(id) ?? null);
}

const toTotal = ({ currency, positions, cost, value, asOf }: Row): HoldingsTotal => ({
  ...{ currency: known(currency), positions, asOf, cost: new Decimal(cost) },
  value: value === null ? null : new Decimal(value),
});

function known(currency: string): Currency {
  if (isCurrency(currency)) return currency;
  throw new Error(`an account in ${currency}`);
}
