import { isTradingDay } from '@simplebank/kernel/calendar';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { daysAfter, dueOf, type Interval, periodAfter } from './schedule.ts';

function periods(interval: Interval, startDate: string, count: number): string[] {
  const schedule = { interval, startDate, endDate: null };
  const all = [startDate];
  while (all.length < count) all.push(periodAfter(schedule, all.at(-1) ?? startDate));
  return all;
}

test('the 31st means the last day of a shorter month, and comes back as the 31st', () => {
  expect(periods('MONTHLY', '2027-10-31', 7)).toEqual([
    '2027-10-31',
    '2027-11-30',
    '2027-12-31',
    '2028-01-31',
    '2028-02-29',
    '2028-03-31',
    '2028-04-30',
  ]);
  expect(periods('MONTHLY', '2026-01-31', 3)).toEqual(['2026-01-31', '2026-02-28', '2026-03-31']);
  expect(periods('MONTHLY', '2026-12-15', 3)).toEqual(['2026-12-15', '2027-01-15', '2027-02-15']);
});

test('weeks are counted from the start date, across months, years and daylight saving', () => {
  expect(periods('WEEKLY', '2026-02-27', 4)).toEqual([
    '2026-02-27',
    '2026-03-06',
    '2026-03-13',
    '2026-03-20',
  ]);
  expect(periods('BIWEEKLY', '2026-12-21', 3)).toEqual(['2026-12-21', '2027-01-04', '2027-01-18']);
});

test('a run is due as the exchange opens on its day, or on the next trading day', () => {
  expect(dueOf('2026-01-30')).toEqual({ on: '2026-01-30', at: new Date('2026-01-30T14:30:00Z') });
  expect(dueOf('2026-01-31')?.on).toBe('2026-02-02');
  // Good Friday, then the weekend; by now it is summer time in New York.
  expect(dueOf('2026-04-03')).toEqual({ on: '2026-04-06', at: new Date('2026-04-06T13:30:00Z') });
  // A day on which the exchange closes early.
  expect(dueOf('2026-11-27')?.on).toBe('2026-11-27');
});

test('a day whose calendar is not known is due on no day yet', () => {
  expect(dueOf('2028-12-29')?.on).toBe('2028-12-29');
  expect(dueOf('2028-12-30')).toBeNull();
  expect(dueOf('2031-01-01')).toBeNull();
});

const start = fc.integer({ min: 0, max: 700 }).map((days) => daysAfter('2025-01-01', days));
const interval = fc.constantFrom<Interval>('WEEKLY', 'BIWEEKLY', 'MONTHLY');

test('planned days rise, stay on their day, and are due on a trading day within a week', () => {
  fc.assert(
    fc.property(interval, start, (interval, start) => {
      const all = periods(interval, start, 20);
      expect(all).toEqual(all.toSorted());
      expect(new Set(all).size).toBe(all.length);
      for (const [nth, period] of all.entries()) {
        const due = dueOf(period)?.on ?? '';
        expect(isTradingDay(due) && due >= period && due <= daysAfter(period, 7)).toBe(true);
        if (interval === 'MONTHLY') {
          const isLast = daysAfter(period, 1).slice(8) === '01';
          expect(period.slice(8) === start.slice(8) || isLast).toBe(true);
        } else expect(period).toBe(daysAfter(start, nth * (interval === 'WEEKLY' ? 7 : 14)));
      }
    }),
    { numRuns: 1_000 },
  );
});
