import type { Decimal } from '@simplebank/kernel/decimal';
import { quoteAt } from '@simplebank/venue/simulation';
import { closeOf } from './days.ts';
import { type DayPrices, pricePath } from './prices.ts';

/** What assets cost when: on past trading days by the seed, afterwards as the venue quotes them. */
export type Prices = {
  /** Throws on a day without trading. */
  readonly at: (symbol: string, at: Date) => Decimal;
  /** Past trading days, oldest first. */
  readonly days: (symbol: string) => readonly DayPrices[];
};

/** The past ends, at the close of the last date, with what the venue quotes there. */
export function pricesOf(seed: string, dates: readonly string[]): Prices {
  const end = closeOf(dates.at(-1) ?? '');
  const paths = new Map<string, ReadonlyMap<string, DayPrices>>();

  function pathOf(symbol: string): ReadonlyMap<string, DayPrices> {
    const known = paths.get(symbol);
    if (known) return known;
    const { last } = quoteAt(seed, symbol, end);
    const days = pricePath({ seed, symbol, dates, last });
    const path = new Map(days.map((day) => [day.date, day]));
    paths.set(symbol, path);
    return path;
  }

  return {
    days: (symbol) => [...pathOf(symbol).values()],
    at(symbol, at) {
      if (at > end) return quoteAt(seed, symbol, at).last;
      const day = pathOf(symbol).get(at.toISOString().slice(0, 'yyyy-mm-dd'.length));
      if (!day) throw new Error(`${symbol} was not traded at ${at.toISOString()}`);
      return day.open.plus(day.close).div(2).toDecimalPlaces(2);
    },
  };
}
