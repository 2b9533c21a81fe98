import {
  CalendarUnknown,
  clockAt,
  marketDateOf,
  marketMidnight,
  sessionOf,
  tradeDateOf,
  tradingDayBefore,
} from './calendar.ts';

export const calendars = ['nyse', 'always'] as const;
export type Calendar = (typeof calendars)[number];

/** When orders may trade. Trade and settlement dates follow the exchange under either calendar. */
export type MarketHours = {
  readonly calendar: Calendar;
  readonly isOpen: (at: Date) => boolean;
  /** The first instant, not before `at`, at which an order that waits may go to the market. */
  readonly nextOpen: (at: Date) => Date;
  /** When a DAY order created at this instant ends. */
  readonly dayEnd: (at: Date) => Date;
  /**
   * The day whose shares are held at this instant, `yyyy-mm-dd`: an action of that ex-date, or of
   * an earlier one, has begun. No execution of an earlier trade date comes after it.
   */
  readonly shareDateOf: (at: Date) => string;
  /** The first instant of such a day. */
  readonly shareDateBegins: (date: string) => Date;
};

/** Around the clock a DAY order is not cut off by a bell that nobody hears. */
const dayOrderLifeMsMin = 3_600_000;

/** `nyse`: a DAY order lives until the close of the current or next trading day (domain §3.4). */
const nyse: MarketHours = {
  calendar: 'nyse',
  isOpen: (at) => clockAt(at).isOpen,
  nextOpen: (at) => (clockAt(at).isOpen ? at : clockAt(at).nextOpen),
  dayEnd: (at) => clockAt(at).nextClose,
  shareDateOf: marketDateOf,
  shareDateBegins: marketMidnight,
};

const closeBefore = (date: string): Date | null => sessionOf(tradingDayBefore(date))?.close ?? null;

/** Null where no calendar is written: there a day begins at midnight. */
function whereKnown<T>(look: () => T): T | null {
  try {
    return look();
  } catch (error) {
    if (error instanceof CalendarUnknown) return null;
    throw error;
  }
}

/**
 * `always`: the simulated venue never closes. A DAY order still ends at a close of the exchange, so
 * that it belongs to the trade date its executions carry (domain §7). It ends at the first close
 * at least an hour away: an order of Saturday night ends on Monday at 16:00, one of a minute
 * before a close ends at the close after it and not within that minute. What is traded after a
 * close carries the next trade date, so the shares of that day are held from the close on.
 */
const always: MarketHours = {
  calendar: 'always',
  isOpen: () => true,
  nextOpen: (at) => at,
  dayEnd: (at) => clockAt(new Date(at.getTime() + dayOrderLifeMsMin)).nextClose,
  shareDateOf: (at) => whereKnown(() => tradeDateOf(at)) ?? marketDateOf(at),
  shareDateBegins: (date) =>
    whereKnown(() => (sessionOf(date) ? closeBefore(date) : null)) ?? marketMidnight(date),
};

export const marketHours = (calendar: Calendar): MarketHours =>
  calendar === 'nyse' ? nyse : always;

/** A price is good for this long while the market is open (domain §3.4, §4.2). */
export const quoteFreshMs = 15 * 60_000;

/** True for a price older than 15 minutes while the market is open; a closed market makes none. */
export const isStale = (hours: MarketHours, { at, now }: { at: Date; now: Date }): boolean =>
  hours.isOpen(now) && now.getTime() - at.getTime() > quoteFreshMs;

/** A price values what is held for this long while the market is open (OPS-61). */
export const valuationPriceMs = 5 * 60_000;

/** Whether a price may value what is held: while the market is closed the last one is current. */
export const isCurrent = (hours: MarketHours, { at, now }: { at: Date; now: Date }): boolean =>
  !hours.isOpen(now) || now.getTime() - at.getTime() <= valuationPriceMs;
