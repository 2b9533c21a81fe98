import { CalendarUnknown, isTradingDay, sessionOf } from '@simplebank/kernel/calendar';

const dayMs = 86_400_000;
const dateOf = (at: number): string => new Date(at).toISOString().slice(0, 'yyyy-mm-dd'.length);

/** Performance wants whole years, and statements are written for each month. */
const monthsBackDefault = 24;

/**
 * Trading days that have closed before `now`, oldest first: so many whole months and what has
 * passed of this one.
 */
export function tradingDaysBefore(now: Date, monthsBack = monthsBackDefault): readonly string[] {
  const first = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - monthsBack, 1));
  const dates: string[] = [];
  for (let at = first.getTime(); at < now.getTime(); at += dayMs) {
    const date = dateOf(at);
    if (isTradingDay(date) && closeOf(date) < now) dates.push(date);
  }
  return dates;
}

/** False when some of the days of the past are outside the calendar. */
export function hasCalendar(now: Date): boolean {
  try {
    return tradingDaysBefore(now).length > 0;
  } catch (error) {
    if (error instanceof CalendarUnknown) return false;
    throw error;
  }
}

/** The days of each month, oldest month first. */
export function byMonth(dates: readonly string[]): readonly (readonly string[])[] {
  const months = new Map<string, string[]>();
  for (const date of dates) {
    const month = date.slice(0, 'yyyy-mm'.length);
    months.set(month, [...(months.get(month) ?? []), date]);
  }
  return [...months.values()];
}

const sessionOn = (date: string) => {
  const session = sessionOf(date);
  if (!session) throw new Error(`${date} is no trading day`);
  return session;
};

export const openOf = (date: string): Date => sessionOn(date).open;
export const closeOf = (date: string): Date => sessionOn(date).close;

const minuteMs = 60_000;
/** So long after the opening of a trading day. */
export const inSession = (date: string, minutes: number): Date =>
  new Date(openOf(date).getTime() + minutes * minuteMs);
