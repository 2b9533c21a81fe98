import { expect, test } from 'vitest';
import { settlementDayOf } from './settlement-day.ts';

test.each([
  ['2026-11-23T04:59:59.999Z', '2026-11-22'],
  ['2026-11-23T05:00:00.000Z', '2026-11-23'],
  ['2026-07-01T03:59:59.999Z', '2026-06-30'],
  ['2026-07-01T04:00:00.000Z', '2026-07-01'],
])('at %s it is %s in New York', (at, day) => {
  expect(settlementDayOf(new Date(at))).toBe(day);
});
