import { Decimal, decimalsOf, parseDecimal } from '@simplebank/kernel/decimal';
import { z } from 'zod';

/** Words for a field that is missing or is not what it must be. */
export const must = (what: string) => ({
  error: ({ input }: { readonly input?: unknown }) =>
    input === undefined ? 'is missing' : `must be ${what}`,
});

/** What a case may carry beside its data. */
const remarks = { id: z.unknown(), note: z.unknown(), source: z.unknown() };

/** A case has these fields and no other: one that is not understood must not pass unread. */
export const caseOf = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.strictObject({ ...z.object(remarks).partial().shape, ...shape }, must('an object'));

export const listOf = <Item extends z.ZodType>(item: Item) => z.array(item, must('a list'));

const asDecimal = 'a decimal string such as "12.50"';

/** A plain decimal string, as the bank writes numbers. */
export const decimal = z.string(must(asDecimal)).transform((text, context) => {
  const value = parseDecimal(text);
  if (value) return value;
  context.issues.push({ code: 'custom', message: `must be ${asDecimal}`, input: text });
  return z.NEVER;
});

/** With so many decimals at most, trailing zeros not counted. */
const decimalOf = (decimalsMax: number) =>
  decimal.refine((value) => decimalsOf(value) <= decimalsMax, {
    error: `must have at most ${decimalsMax} decimals`,
    abort: true,
  });

export const positive = (decimalsMax: number) =>
  decimalOf(decimalsMax).refine((value) => value.greaterThan(0), { error: 'must be above zero' });

export const notNegative = (decimalsMax: number) =>
  decimalOf(decimalsMax).refine((value) => !value.isNegative(), {
    error: 'must not be negative',
  });

const scientific = /^(0|[1-9]\d*)(\.\d+)?(e-?\d{1,2})?$/i;

/** How far a calculated number may be off, such as "1e-9". */
export const tolerance = z
  .string(must('a number such as "1e-9"'))
  .regex(scientific, 'must be a number such as "1e-9"')
  .transform((text) => new Decimal(text));

const asWhole = 'a whole number';

/** A whole number, as a JSON number that loses nothing or as text. */
export const whole = z
  .union([z.int(), z.string().regex(/^-?(0|[1-9]\d*)$/)], must(asWhole))
  .transform((value) => BigInt(value));

export const localDate = z.iso.date(must('a date such as "2026-07-15"'));

/** An instant with `Z` or an offset. */
export const instant = z.iso
  .datetime({ offset: true, ...must('an instant such as "2025-03-10T13:30:00Z"') })
  .transform((text) => new Date(text));

/** As the files write it: whole seconds without milliseconds. */
export const instantText = (at: Date): string => at.toISOString().replace('.000Z', 'Z');

/** The digits of the currency, and more only where the value has them. */
export const amountText = (amount: Decimal, digits: number): string =>
  amount.toFixed(Math.max(digits, decimalsOf(amount)));
