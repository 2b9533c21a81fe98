import { Decimal, zero } from '@simplebank/kernel/decimal';
import type { Tx } from '../../data/client.ts';
import type { ValuedDay } from '../domain/performance.ts';

/** Days of one account; `from` null is from its first, and both ends are in it. */
export type HistoryWish = {
  readonly accountId: string;
  readonly from: string | null;
  readonly to: string;
};

/** The day, its value, what came in and what went out; null for a flow that there was not. */
type Told = [day: string, value: string | null, inflow: string | null, outflow: string | null];

/**
 * The valued days of each wish, oldest first, beginning with the last one before it: what the
 * account was worth at its start. One statement for any number of accounts, and one text for the
 * days of each: a year of rows costs more to take apart than all that is reckoned from them.
 */
export async function findHistories(
  db: Tx,
  wishes: readonly HistoryWish[],
): Promise<ValuedDay[][]> {
  const rows = await db.$queryRaw<{ wish: number; days: string }[]>`
    /* performance.histories */
    SELECT wish.ordinal::int AS wish,
      json_agg(json_build_array(known.day, (known.shares + known.cash)::text,
        nullif(known.inflow, 0)::text, nullif(known.outflow, 0)::text) ORDER BY known.day)::text
        AS days
    FROM unnest(${wishes.map(({ accountId }) => accountId)}::uuid[],
                ${wishes.map(({ from }) => from)}::date[], ${wishes.map(({ to }) => to)}::date[])
      WITH ORDINALITY AS wish (account_id, from_day, to_day, ordinal)
    JOIN account_valuation AS valued ON valued.account_id = wish.account_id
    JOIN account_day AS known ON known.account_id = wish.account_id
      AND known.day BETWEEN CASE WHEN wish.from_day IS NULL THEN '-infinity'
          ELSE least(wish.from_day - 1, valued.valued_through) END
        AND least(wish.to_day, valued.valued_through)
    GROUP BY wish.ordinal`;
  const byWish = new Map(rows.map(({ wish, days }) => [wish, days]));
  return wishes.map((_, index) => {
    const told: readonly Told[] = JSON.parse(byWish.get(index + 1) ?? '[]');
    return told.map(toDay);
  });
}

const toDay = ([day, value, inflow, outflow]: Told): ValuedDay => ({
  day,
  value: value === null ? null : new Decimal(value),
  inflow: inflow === null ? zero : new Decimal(inflow),
  outflow: outflow === null ? zero : new Decimal(outflow),
});
