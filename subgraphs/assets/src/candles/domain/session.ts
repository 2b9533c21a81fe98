import {
  CalendarUnknown,
  marketDateOf,
  sessionOf,
  tradeDateOf,
  tradingDayBefore,
} from '@simplebank/kernel/calendar';
import type { MarketHours } from '@simplebank/kernel/market-hours';

/** The stretch of time whose prices belong to a trading day; the end is not part of it. */
export type Session = { readonly date: string; readonly start: Date; readonly end: Date };

/**
 * The prices of a trading day: from its opening to its close. Under the calendar `always` prices
 * never pause, and a trading day reaches from the close before it to its own, as trade dates do
 * (domain §7). Null for a day without trading. Throws CalendarUnknown outside 1998–2028.
 */
export function sessionOn(hours: MarketHours, date: string): Session | null {
  const session = sessionOf(date);
  if (!session) return null;
  if (hours.calendar === 'nyse') return { date, start: session.open, end: session.close };
  const before = sessionOf(tradingDayBefore(date));
  return before && { date, start: before.close, end: session.close };
}

/** The session under way; null while the market is closed and where no calendar is known. */
export function sessionAt(hours: MarketHours, at: Date): Session | null {
  const session = unlessUnknown(() => sessionOn(hours, tradeDateOf(at)));
  return session && session.start <= at && at < session.end ? session : null;
}

const dayMs = 86_400_000;

export type Ended = { readonly now: Date; readonly days: number; readonly graceMs: number };

/** Sessions of the last days that have been over for `graceMs`, the latest first. */
export function endedSessions(hours: MarketHours, { now, days, graceMs }: Ended): Session[] {
  const today = Date.parse(marketDateOf(now));
  const dates = Array.from({ length: days }, (_, back) =>
    new Date(today - back * dayMs).toISOString().slice(0, 10),
  );
  const sessions = dates.map((date) => unlessUnknown(() => sessionOn(hours, date)));
  return sessions.filter(
    (session): session is Session =>
      session !== null && session.end.getTime() + graceMs <= now.getTime(),
  );
}

function unlessUnknown<T>(look: () => T): T | null {
  try {
    return look();
  } catch (error) {
    if (error instanceof CalendarUnknown) return null;
    throw error;
  }
}
