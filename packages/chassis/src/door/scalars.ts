import { Decimal as Exact, isPlainDecimal, parseDecimal } from '@simplebank/kernel/decimal';
import { isUuid } from '@simplebank/kernel/ids';
import { moneyText } from '@simplebank/kernel/money';
import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql';
import { PublicError } from './errors.ts';

type Wire<T> = {
  readonly name: string;
  readonly description: string;
  /** Completes the sentence "Expected …" of a refusal. */
  readonly expected: string;
  readonly read: (text: string) => T | null;
  readonly write: (value: unknown) => string | null;
};

/** What a resolver may answer for a Decimal: a number, or its text, which is sent as it is. */
export type DecimalOutput = Exact | string;

/** A scalar that is a string on the wire, whatever it is inside. */
function textScalar<T>({ name, description, expected, read, write }: Wire<T>) {
  const refuse = (nodes?: ValueNode): never => {
    throw new GraphQLError(`Expected ${expected}.`, nodes ? { nodes } : {});
  };
  return new GraphQLScalarType<T, string>({
    name,
    description,
    serialize(value) {
      const text = write(value);
      if (text === null) throw new TypeError(`${name} cannot be written from this value`);
      return text;
    },
    parseValue: (value) => (typeof value === 'string' ? read(value) : null) ?? refuse(),
    parseLiteral: (node) => (node.kind === Kind.STRING ? read(node.value) : null) ?? refuse(node),
  });
}

const Decimal = textScalar<Exact>({
  name: 'Decimal',
  description: 'A decimal number as a string, exact to its last digit.',
  expected: 'a decimal string such as "12.50"',
  read: parseDecimal,
  write(value) {
    if (typeof value === 'string') return isPlainDecimal(value) ? value : null;
    return Exact.isDecimal(value) && value.isFinite() ? value.toFixed() : null;
  },
});

const hourMinute = '([01]\\d|2[0-3]):[0-5]\\d';
const instant = new RegExp(
  `^(\\d{4}-\\d{2}-\\d{2})T${hourMinute}:[0-5]\\d(\\.\\d{1,3})?(Z|[+-]${hourMinute})$`,
);

const DateTime = textScalar<Date>({
  name: 'DateTime',
  description: 'An instant in ISO 8601 with milliseconds, in UTC.',
  expected: 'an instant such as "2026-01-30T14:30:00.000Z"',
  read(text) {
    const day = instant.exec(text)?.[1];
    const at = day && isLocalDate(day) ? new Date(text) : null;
    // Its time zone may carry it into a year that no column holds.
    return at && isLocalDate(at.toISOString().slice(0, 'yyyy-mm-dd'.length)) ? at : null;
  },
  write(value) {
    const at = typeof value === 'string' && instant.test(value) ? new Date(value) : value;
    return at instanceof Date && !Number.isNaN(at.getTime()) ? at.toISOString() : null;
  },
});

/** PostgreSQL knows no year 0. */
const localDate = /^(?!0000)\d{4}-\d{2}-\d{2}$/;

/** In each month, February of a leap year apart. */
const daysIn = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

/** A day that exists in the Gregorian calendar. Reckoned: a year of days is asked at once. */
function isLocalDate(text: string): boolean {
  if (!localDate.test(text)) return false;
  const [year, month, day] = [text.slice(0, 4), text.slice(5, 7), text.slice(8)].map(Number);
  const last = month === 2 && isLeap(year ?? 0) ? 29 : (daysIn[(month ?? 0) - 1] ?? 0);
  return day !== undefined && day >= 1 && day <= last;
}

const LocalDate = textScalar<string>({
  name: 'LocalDate',
  description: 'A calendar day as YYYY-MM-DD, without a time zone.',
  expected: 'a day such as "2026-01-30"',
  read: (text) => (isLocalDate(text) ? text : null),
  write: (value) => (typeof value === 'string' && isLocalDate(value) ? value : null),
});

/** Resolvers of the shared scalars; a number is never a decimal on the wire. */
export const scalars = { Decimal, DateTime, LocalDate };

export type TextBounds = {
  /** Path of the input field, told to the caller. */
  readonly field: string;
  /** In characters, a surrogate pair counting once. */
  readonly max: number;
  /** 1 unless told: blank text is no text. */
  readonly min?: number;
};

/** Control characters other than tab and line breaks; PostgreSQL refuses the zero character. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is refused
const controls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;

/** Half of a surrogate pair, which is no character: PostgreSQL takes it in no JSON. */
const halfPairs = /\p{Surrogate}/u;

/** The trimmed text. Throws PublicError BAD_INPUT with the field when it breaks its bounds. */
export function boundedText(value: string, { field, max, min = 1 }: TextBounds): string {
  // The cheap test first: a text of megabytes is not worth trimming or counting.
  if (value.length > max * 4 + 64) throw tooLong(field, max);
  const text = value.trim();
  const chars = [...text].length;
  if (chars > max) throw tooLong(field, max);
  if (chars < min) {
    throw new PublicError('BAD_INPUT', `Expected at least ${min} characters.`, { field });
  }
  if (controls.test(text)) {
    throw new PublicError('BAD_INPUT', 'Control characters are not allowed.', { field });
  }
  if (halfPairs.test(text)) {
    throw new PublicError('BAD_INPUT', 'Expected well-formed Unicode.', { field });
  }
  return text;
}

const tooLong = (field: string, max: number) =>
  new PublicError('BAD_INPUT', `Expected at most ${max} characters.`, { field });

const printable = /^[\x20-\x7e]{1,128}$/;

/** The key as given. Throws PublicError BAD_INPUT unless 1 to 128 printable ASCII characters. */
export function idempotencyKeyOf(value: string, field = 'input.idempotencyKey'): string {
  if (printable.test(value)) return value;
  throw new PublicError('BAD_INPUT', 'Expected 1 to 128 printable ASCII characters.', { field });
}

/** The UUID in lower case. Throws PublicError BAD_INPUT that names the field for anything else. */
export function uuidOf(value: string, field: string): string {
  const lower = value.toLowerCase();
  if (isUuid(lower)) return lower;
  throw new PublicError('BAD_INPUT', 'Expected an id (UUID).', { field });
}

/** The resolvers of `type Money`: its amount shows the cents that a currency has. */
export const moneyResolvers = { amount: moneyText };
