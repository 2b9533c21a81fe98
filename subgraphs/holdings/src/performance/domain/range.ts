import { addDays, monthsBefore } from './days.ts';

export type Range = 'DAY' | 'WEEK' | 'MONTH' | 'YEAR_TO_DATE' | 'YEAR' | 'ALL' | 'CUSTOM';

/** Days from the first to the last, both of them in it; null is from the account's first. */
export type Period = { readonly from: string | null; readonly to: string };

const weekDays = 7;
const yearMonths = 12;

/**
 * The days of a range that ends today in New York. What an account is worth at its start is its
 * value at the end of the day before, so a day is today against yesterday's close, and a year has
 * 365 days, or 366.
 */
export function periodOf(range: Exclude<Range, 'CUSTOM'>, today: string): Period {
  switch (range) {
    case 'DAY':
      return { from: today, to: today };
    case 'WEEK':
      return { from: addDays(today, 1 - weekDays), to: today };
    case 'MONTH':
      return { from: addDays(monthsBefore(today, 1), 1), to: today };
    case 'YEAR_TO_DATE':
      return { from: `${today.slice(0, 4)}-01-01`, to: today };
    case 'YEAR':
      return { from: addDays(monthsBefore(today, yearMonths), 1), to: today };
    case 'ALL':
      return { from: null, to: today };
    default:
      return range satisfies never;
  }
}
