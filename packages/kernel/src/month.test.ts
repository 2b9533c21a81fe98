import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isMonth, monthAfter, monthOf, monthStart } from './month.ts';

test.each([
  ['2026-11-01T03:59:59.999Z', '2026-10'],
  ['2026-11-01T04:00:00.000Z', '2026-11'],
  ['2026-12-01T04:59:59.999Z', '2026-11'],
  ['2026-12-01T05:00:00.000Z', '2026-12'],
])('at %s it is %s in New York', (at, month) => {
  expect(monthOf(new Date(at))).toBe(month);
});

test('a month that begins in summer time may end in winter time', () => {
  expect([monthStart('2026-11'), monthStart('2026-12'), monthStart('2027-01')]).toEqual([
    new Date('2026-11-01T04:00:00.000Z'),
    new Date('2026-12-01T05:00:00.000Z'),
    new Date('2027-01-01T05:00:00.000Z'),
  ]);
});

test('every instant lies between the beginning of its month and that of the next', () => {
  const instant = fc.date({
    min: new Date('1998-01-01'),
    max: new Date('2035-01-01'),
    noInvalidDate: true,
  });
  fc.assert(
    fc.property(instant, (at) => {
      const month = monthOf(at);
      expect(isMonth(month)).toBe(true);
      expect(monthStart(month).getTime()).toBeLessThanOrEqual(at.getTime());
      expect(monthStart(monthAfter(month)).getTime()).toBeGreaterThan(at.getTime());
    }),
    { numRuns: 1_000 },
  );
});

test.each(['2026-13', '2026-1', '2026', '26-01', '2026-01-01', ''])('%j is no month', (text) => {
  expect(isMonth(text)).toBe(false);
});
