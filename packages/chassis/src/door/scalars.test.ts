import { Decimal as Exact } from '@simplebank/kernel/decimal';
import { money } from '@simplebank/kernel/money';
import { parseValue } from 'graphql';
import { expect, test } from 'vitest';
import { PublicError } from './errors.ts';
import { boundedText, idempotencyKeyOf, moneyResolvers, scalars, uuidOf } from './scalars.ts';

const { Decimal, DateTime, LocalDate } = scalars;

test('a decimal keeps every digit in both directions', () => {
  const wire = '1234567890123456789.123456789';
  const inside = Decimal.parseValue(wire);
  expect(inside).toEqual(new Exact(wire));
  expect(Decimal.serialize(inside)).toBe(wire);
  expect(Decimal.serialize(new Exact('0.000000001'))).toBe('0.000000001');
});

test.each([12.5, 12, true, null, {}, ['1'], '1e3', '+1', ' 1', '1.', '01', 'NaN', '1'.repeat(32)])(
  'a decimal on the wire is a plain string: %j is refused with what was expected',
  (value) => {
    expect(() => Decimal.parseValue(value)).toThrow('Expected a decimal string such as "12.50".');
  },
);

test.each(['12.5', '12', 'true', '"1e3"'])('the literal %s is no decimal', (literal) => {
  expect(() => Decimal.parseLiteral(parseValue(literal))).toThrow('Expected a decimal string');
});

test('a number never leaves as a decimal', () => {
  expect(() => Decimal.serialize(12.5)).toThrow('Decimal cannot be written');
});

test.each(['0.00', '200.00', '-40.40', '49.992', '12'])('the text %s leaves as it is', (text) => {
  expect(Decimal.serialize(text)).toBe(text);
});

test.each(['', '1e3', '+1.00', ' 1.00', '1.', '.50', '01.00', '1,000.00', 'NaN', 'USD 1.00'])(
  'the text %j never leaves as a decimal',
  (text) => {
    expect(() => Decimal.serialize(text)).toThrow('Decimal cannot be written');
  },
);

test('money leaves with the digits of its currency', () => {
  const amount = moneyResolvers.amount(money('104.5', 'USD'));
  expect(Decimal.serialize(amount)).toBe('104.50');
});

test('an instant is read with any offset and written in UTC with milliseconds', () => {
  const at = DateTime.parseValue('2026-01-30T09:30:00-05:00');
  expect(at).toEqual(new Date('2026-01-30T14:30:00.000Z'));
  expect(DateTime.serialize(at)).toBe('2026-01-30T14:30:00.000Z');
});

test.each(['2026-02-30T00:00:00Z', '2026-01-30', '2026-01-30T25:00:00Z', 'today', 1])(
  'the instant %j is refused',
  (value) => {
    expect(() => DateTime.parseValue(value)).toThrow('Expected an instant');
  },
);

const outside = ['0000-06-30T12:00:00Z', '0001-01-01T00:00:00+14:00', '9999-12-31T23:59:59-14:00'];

test.each(outside)('the instant %s, of a year that no column holds, is refused', (value) => {
  expect(() => DateTime.parseValue(value)).toThrow('Expected an instant');
});

test('a day is a day that exists', () => {
  expect(LocalDate.parseValue('2024-02-29')).toBe('2024-02-29');
  for (const value of [
    '2025-02-29',
    '2025-13-01',
    '2025-1-1',
    '0000-01-01',
    '2025-01-01T00:00:00Z',
    20250101,
  ]) {
    expect(() => LocalDate.parseValue(value)).toThrow('Expected a day');
  }
});

function refusal(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error instanceof PublicError ? [error.message, error.extensions] : error;
  }
}

test('a text is trimmed, and refused with its field when it breaks its bounds', () => {
  const bounds = { field: 'input.name', max: 5 };
  const badInput = { code: 'BAD_INPUT', field: 'input.name' };
  expect(boundedText('  Ada ', bounds)).toBe('Ada');
  expect(boundedText('😀😀😀😀😀', bounds)).toBe('😀😀😀😀😀');
  expect(refusal(() => boundedText('Adaaaa', bounds))).toEqual([
    'Expected at most 5 characters.',
    badInput,
  ]);
  expect(refusal(() => boundedText('x'.repeat(5_000_000), bounds))).toEqual([
    'Expected at most 5 characters.',
    badInput,
  ]);
  expect(refusal(() => boundedText('   ', bounds))).toEqual([
    'Expected at least 1 characters.',
    badInput,
  ]);
  expect(refusal(() => boundedText('a\u0000b', bounds))).toEqual([
    'Control characters are not allowed.',
    badInput,
  ]);
  for (const half of ['\ud83d', 'a\ude00b']) {
    expect(refusal(() => boundedText(half, bounds))).toEqual([
      'Expected well-formed Unicode.',
      badInput,
    ]);
  }
});

test('an idempotency key is 1 to 128 printable ASCII characters', () => {
  expect(idempotencyKeyOf('order #1')).toBe('order #1');
  for (const key of ['', 'x'.repeat(129), 'schlüssel', 'a\nb']) {
    expect(refusal(() => idempotencyKeyOf(key))).toEqual([
      'Expected 1 to 128 printable ASCII characters.',
      { code: 'BAD_INPUT', field: 'input.idempotencyKey' },
    ]);
  }
});

test('an id is a UUID of any case', () => {
  const id = 'a7b9c1d2-0000-4000-8000-00000000000f';
  expect(uuidOf(id.toUpperCase(), 'id')).toBe(id);
  expect(refusal(() => uuidOf("1' OR 1=1", 'id'))).toEqual([
    'Expected an id (UUID).',
    { code: 'BAD_INPUT', field: 'id' },
  ]);
});
