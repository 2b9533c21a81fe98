import { Decimal } from '@simplebank/kernel/decimal';
import { type Currency, priceDecimals, roundCash } from '@simplebank/kernel/money';

/**
 * The last price that is known of an asset, and the new shares for each of its day's old ones by
 * the splits since then: a price of before a split is one of other shares (domain §4.4).
 */
export type KnownPrice = {
  readonly last: Decimal;
  readonly at: Date;
  readonly newShares: Decimal;
  readonly oldShares: Decimal;
};

/** What one of today's shares costs at that price, half up to 6 decimals, for display. */
export const perShare = ({ last, newShares, oldShares }: KnownPrice): Decimal =>
  last.times(oldShares).div(newShares).toDecimalPlaces(priceDecimals, Decimal.ROUND_HALF_UP);

/** What so many of today's shares are worth at that price, half up to the smallest coin. */
export function worthAt(quantity: Decimal, price: KnownPrice, currency: Currency): Decimal {
  const { last, newShares, oldShares } = price;
  return roundCash(quantity.times(last).times(oldShares).div(newShares), currency);
}
