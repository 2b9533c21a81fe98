import { Decimal } from './decimal.ts';

/** ISO 4217 exponent of each currency that the bank keeps accounts in. */
const minorDigits = { USD: 2 } as const;

export type Currency = keyof typeof minorDigits;
/** An amount of cash in units of its currency, not in minor units. */
export type Money = { readonly amount: Decimal; readonly currency: Currency };
/** What one unit of an asset costs. The field name keeps a price from passing for money. */
export type Price = { readonly perUnit: Decimal; readonly currency: Currency };

export const quantityDecimals = 9;
export const priceDecimals = 6;

export const isCurrency = (code: string): code is Currency => Object.hasOwn(minorDigits, code);

/** Decimals that cash of this currency is booked with (ISO 4217 exponent). */
export const minorDigitsOf = (currency: Currency): number => minorDigits[currency];

export const money = (amount: Decimal | string | number, currency: Currency): Money => ({
  amount: new Decimal(amount),
  currency,
});

/** The exact value of a quantity at a price; not rounded. */
export const cost = (quantity: Decimal, { perUnit, currency }: Price): Money => ({
  amount: quantity.times(perUnit),
  currency,
});

/** As people write it: the digits of the currency's exponent, and more where the value has them. */
export const moneyText = ({ amount, currency }: Money): string =>
  amount.toFixed(Math.max(minorDigits[currency], amount.decimalPlaces()));

/** Rounds cash half up, away from zero, to the smallest unit. Only the ledger's door calls this. */
export function toBooked({ amount, currency }: Money): Money {
  return { amount: roundCash(amount, currency), currency };
}

/** Cash half up (away from zero) at the currency's exponent, domain rule §1. */
export const roundCash = (amount: Decimal, currency: Currency): Decimal =>
  amount.toDecimalPlaces(minorDigits[currency], Decimal.ROUND_HALF_UP);

/** Cash up to the next smallest unit: holds and regulatory fees, domain rule §1. */
export const ceilCash = (amount: Decimal, currency: Currency): Decimal =>
  amount.toDecimalPlaces(minorDigits[currency], Decimal.ROUND_UP);

/** Quantity toward zero at 9 decimals, domain rule §1. */
export const truncateQuantity = (quantity: Decimal): Decimal =>
  quantity.toDecimalPlaces(quantityDecimals, Decimal.ROUND_DOWN);
