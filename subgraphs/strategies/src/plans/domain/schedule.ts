import { CalendarUnknown, sessionOf } from '@simplebank/kernel/calendar';
import { dateOf, dateText } from '../../domain/local-date.ts';

export type Interval = 'WEEKLY' | 'BIWEEKLY' | 'MONTHLY';

/** Local dates of the market, `yyyy-mm-dd`. */
export type Schedule = {
  readonly interval: Interval;
  readonly startDate: string;
  /** The last day that may be planned; null without an end. */
  readonly endDate: string | null;
};

const dayMs = 86_400_000;
const monthsPerYear = 12;
const daysOf: Readonly<Record<Exclude<Interval, 'MONTHLY'>, number>> = { WEEKLY: 7, BIWEEKLY: 14 };

export const daysAfter = (date: string, days: number): string =>
  dateText(new Date(dateOf(date).getTime() + days * dayMs));

/** Months since the year 0, which tells months apart. */
const monthNumberOf = (date: string): number =>
  Number(date.slice(0, 4)) * monthsPerYear + Number(date.slice(5, 7)) - 1;

/**
 * The planned day that follows one of the schedule's own. A month counts from the start date, so
 * that the 31st is the last day of a shorter month and comes back as the 31st after it (§6.3).
 */
export function periodAfter({ interval, startDate }: Schedule, period: string): string {
  if (interval !== 'MONTHLY') return daysAfter(period, daysOf[interval]);
  const month = monthNumberOf(period) + 1;
  const [year, index] = [Math.floor(month / monthsPerYear), month % monthsPerYear];
  const last = new Date(Date.UTC(year, index + 1, 0)).getUTCDate();
  const day = Math.min(Number(startDate.slice(8, 10)), last);
  return dateText(new Date(Date.UTC(year, index, day)));
}

export const isPlanned = ({ endDate }: Schedule, period: string): boolean =>
  endDate === null || period <= endDate;

/** When a planned day's run begins: as the exchange opens on it, or on the next trading day. */
export type Due = { readonly on: string; readonly at: Date };

/** Null while the calendar of that day is not known. */
export function dueOf(period: string): Due | null {
  try {
    for (let on = period; ; on = daysAfter(on, 1)) {
      const session = sessionOf(on);
      if (session) return { on, at: session.open };
    }
  } catch (error) {
    if (error instanceof CalendarUnknown) return null;
    throw error;
  }
}
