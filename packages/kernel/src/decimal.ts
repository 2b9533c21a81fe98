import { Decimal as Base } from 'decimal.js';

/** decimal.js keeps 20 digits unless told; a quantity times a price can need 48. */
export const Decimal = Base.clone({ precision: 60, toExpNeg: -60, toExpPos: 60 });
export type Decimal = Base;

export const zero = new Decimal(0);

const plainDecimal = /^-?(0|[1-9]\d*)(\.\d+)?$/;
/** The widest column, NUMERIC(28,9), holds 19 digits before the point and 9 after it. */
const plainDecimalCharsMax = 31;

/**
 * Reads a plain decimal string such as `-12.50`.
 * Null for anything else: exponents, plus signs, blanks, `NaN`, leading zeros, over 31 characters.
 */
export function parseDecimal(text: string): Decimal | null {
  return isPlainDecimal(text) ? new Decimal(text) : null;
}

/** Whether `parseDecimal` reads it; looks at the text alone. */
export const isPlainDecimal = (text: string): boolean =>
  text.length <= plainDecimalCharsMax && plainDecimal.test(text);

/** How many decimals the value really uses; trailing zeros do not count. */
export const decimalsOf = (value: Decimal): number => value.decimalPlaces();

export const sum = (values: readonly Decimal[]): Decimal =>
  values.reduce((total, value) => (value.isZero() ? total : total.plus(value)), zero);
