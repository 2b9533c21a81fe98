import { Decimal, zero } from '@simplebank/kernel/decimal';
import { type Currency, cost as exactValue, toBooked } from '@simplebank/kernel/money';

/** What an account held of an asset at the end of a month, with the last price of that month. */
export type MonthEndPosition = {
  readonly assetId: string;
  readonly symbol: string | null;
  readonly currency: Currency;
  readonly quantity: Decimal;
  /** Of the shares still held, without fees. */
  readonly cost: Decimal;
  readonly price: { readonly perUnit: Decimal; readonly at: Date } | null;
};

/** One account at the end of one month. */
export type MonthEnd = {
  readonly accountId: string;
  readonly month: string;
  readonly positions: readonly MonthEndPosition[];
  /** Net of fees, of all that was matched in the month, corrections included. */
  readonly realizedGain: Decimal;
};

/** Quantity at that price, half up to the cent; null without a price. */
export function valueAtEnd({ quantity, price, currency }: MonthEndPosition): Decimal | null {
  if (!price) return null;
  return toBooked(exactValue(quantity, { perUnit: price.perUnit, currency })).amount;
}

/** An account of which nothing is known here held nothing. */
export const emptyMonth = (accountId: string, month: string): MonthEnd => ({
  ...{ accountId, month, positions: [], realizedGain: new Decimal(zero) },
});
