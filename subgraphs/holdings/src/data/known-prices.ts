import { Decimal } from '@simplebank/kernel/decimal';
import type { KnownPrice } from '../domain/known-price.ts';
import { Prisma } from '../generated/prisma/client.ts';

export type PriceRow = {
  readonly last: string | null;
  readonly at: Date | null;
  readonly newShares: string | null;
  readonly oldShares: string | null;
};

/**
 * Beside rows with an `asset_id` of `table`: the last price as `price`, with the splits since then,
 * few, and found by their index. A price of before the ex-date is of the old shares, unless it came
 * after the split had begun: around the clock that is at the close before its ex-date.
 */
export const joinPrice = (table: 'position' | 'lot') => Prisma.sql`
      LEFT JOIN LATERAL (
        SELECT p.last, p.at, product(a.numerator) AS new_shares,
               product(a.denominator) AS old_shares
        FROM price AS p LEFT JOIN corporate_action AS a ON a.asset_id = p.asset_id
          AND a.kind = 'SPLIT' AND a.told_at >= p.at
          AND a.ex_date > (p.at AT TIME ZONE 'America/New_York')::date
        WHERE p.asset_id = ${Prisma.raw(table)}.asset_id GROUP BY p.asset_id
      ) AS price ON true`;

export const priceColumns = Prisma.sql`price.last::text, price.at,
             price.new_shares::text AS "newShares", price.old_shares::text AS "oldShares"`;

export function toKnownPrice({ last, at, newShares, oldShares }: PriceRow): KnownPrice | null {
  if (last === null || at === null || newShares === null || oldShares === null) return null;
  const ratio = { newShares: new Decimal(newShares), oldShares: new Decimal(oldShares) };
  return { last: new Decimal(last), at, ...ratio };
}
