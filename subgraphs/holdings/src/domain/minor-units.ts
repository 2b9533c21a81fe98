import { Decimal } from '@simplebank/kernel/decimal';
import { type Currency, minorDigitsOf, quantityDecimals } from '@simplebank/kernel/money';

/** Cash in its smallest unit. Throws when it is not whole: orders sends booked cash only. */
export function toMinor(amount: Decimal, currency: Currency): bigint {
  const units = amount.times(new Decimal(10).pow(minorDigitsOf(currency)));
  if (!units.isInteger()) throw new Error(`${amount} ${currency} is not booked cash`);
  return BigInt(units.toFixed());
}

export const fromMinor = (units: bigint, currency: Currency): Decimal =>
  new Decimal(units.toString()).div(new Decimal(10).pow(minorDigitsOf(currency)));

/** A quantity as a whole number of the smallest part of a share. */
export const toParts = (quantity: Decimal): bigint =>
  BigInt(quantity.times(new Decimal(10).pow(quantityDecimals)).toFixed(0));
