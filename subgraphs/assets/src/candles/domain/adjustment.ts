import { Decimal } from '@simplebank/kernel/decimal';
import { priceDecimals } from '@simplebank/kernel/money';
import type { Candle } from './candle.ts';

/** What the prices before an ex-date are multiplied by, to be compared with those after it. */
export type Factor = { readonly before: Date; readonly by: Decimal };

const one = new Decimal(1);

/** A split of n new shares for d old ones: by d ÷ n. */
export const splitFactor = (split: { numerator: number; denominator: number }): Decimal =>
  new Decimal(split.denominator).div(split.numerator);

/**
 * A dividend: by 1 − rate ÷ close, the last close before the ex-date (CRSP's price adjustment; also
 * Yahoo's adjusted close). A dividend that is no less than its close leaves prices as they are.
 */
export const dividendFactor = (rate: Decimal, close: Decimal): Decimal =>
  rate.lessThan(close) ? one.minus(rate.div(close)) : one;

/** The candle on the basis of today, half up to 6 decimals, for display only. */
export function adjusted(candle: Candle, factors: readonly Factor[]): Candle {
  const due = factors.filter(({ before }) => candle.startsAt < before);
  if (due.length === 0) return candle;
  const by = due.reduce((product, factor) => product.times(factor.by), one);
  const shown = (price: Decimal) =>
    price.times(by).toDecimalPlaces(priceDecimals, Decimal.ROUND_HALF_UP);
  const { open, high, low, close } = candle;
  return {
    ...candle,
    ...{ open: shown(open), high: shown(high), low: shown(low), close: shown(close) },
  };
}
