import { Temporal } from 'temporal-polyfill';
import {
  bankHolidaysOf,
  closuresOf,
  earlyClosesOf,
  firstYear,
  isClosedOnce,
  lastYear,
} from './calendar-rules.ts';

/** One trading day of the exchange; the open belongs to it, the close does not (domain §5). */
export type Session = { readonly open: Date; readonly close: Date; readonly early: boolean };
export type MarketClock = {
  readonly isOpen: boolean;
  readonly nextOpen: Date;
  readonly nextClose: Date;
};

/** The calendar is written for 1998–2028 and guesses nothing beyond. */
export class CalendarUnknown extends Error {
  readonly code = 'CALENDAR_UNKNOWN';

  constructor(date: string) {
    super(`the trading calendar knows ${firstYear} to ${lastYear}, not ${date}`);
    this.name = 'CalendarUnknown';
  }
}

const timeZone = 'America/New_York';
const openTime = '09:30';
const closeTime = '16:00';
const earlyCloseTime = '13:00';
const dayMs = 86_400_000;
const isoDate = /^\d{4}-\d{2}-\d{2}$/;

type Year = { readonly [Rule in 'closures' | 'earlyCloses' | 'bankHolidays']: ReadonlySet<string> };

/** Reckoned once: the callers sit on hot paths. At most 31 years and their 11,323 days. */
const years = new Map<number, Year>();
const sessions = new Map<string, Session | null>();
const settlements = new Map<string, string>();

/**
 * The trading hours of a local New York date (`yyyy-mm-dd`), null when the exchange is closed.
 * Throws RangeError for what is no date and CalendarUnknown outside 1998–2028.
 */
export function sessionOf(date: string): Session | null {
  const known = sessions.get(date);
  if (known !== undefined) return known;
  const session = reckonSession(parseDate(date));
  sessions.set(date, session);
  return session;
}

export const isTradingDay = (date: string): boolean => sessionOf(date) !== null;

/** The local date in New York at this instant, `yyyy-mm-dd`. */
export const marketDateOf = (at: Date): string =>
  Temporal.Instant.fromEpochMilliseconds(at.getTime())
    .toZonedDateTimeISO(timeZone)
    .toPlainDate()
    .toString();

/** Midnight in New York with which a date begins. Throws RangeError for what is no date. */
export const marketMidnight = (date: string): Date =>
  new Date(parseDate(date).toZonedDateTime(timeZone).epochMilliseconds);

/** The last trading day before a date. Throws CalendarUnknown outside 1998–2028. */
export function tradingDayBefore(date: string): string {
  let before = dayBefore(date);
  while (!isTradingDay(before)) before = dayBefore(before);
  return before;
}

/** `nextOpen` and `nextClose` are strictly after `at`. Throws CalendarUnknown outside 1998–2028. */
export function clockAt(at: Date): MarketClock {
  const { date, session } = sessionEndingAfter(at);
  const isOpen = at >= session.open;
  const nextOpen = isOpen ? sessionFrom(dayAfter(date)).session.open : session.open;
  return { isOpen, nextOpen, nextClose: session.close };
}

/**
 * The date a trade at this instant counts for: today within trading hours and before them, else
 * the next trading day (domain §7). Throws CalendarUnknown outside 1998–2028.
 */
export const tradeDateOf = (at: Date): string => sessionEndingAfter(at).date;

/** Settlement days exclude the bank holidays on which the exchange trades (domain §5). */
export const isSettlementDay = (date: string): boolean =>
  isTradingDay(date) && !yearOf(date).bankHolidays.has(date);

/**
 * T+1 for trade dates from 2024-05-28, T+2 from 2017-09-05, T+3 before (SEC rule 15c6-1), counted
 * in settlement days. Throws RangeError when `tradeDate` is no trading day.
 */
export function settlementDate(tradeDate: string): string {
  const known = settlements.get(tradeDate);
  if (known !== undefined) return known;
  if (!isTradingDay(tradeDate)) throw new RangeError(`${tradeDate} is no trading day`);
  let date = tradeDate;
  for (let left = settlementDays(tradeDate); left > 0; ) {
    date = dayAfter(date);
    if (isSettlementDay(date)) left -= 1;
  }
  settlements.set(tradeDate, date);
  return date;
}

function settlementDays(tradeDate: string): number {
  if (tradeDate >= '2024-05-28') return 1;
  return tradeDate >= '2017-09-05' ? 2 : 3;
}

/**
 * The session under way at this instant, else the next one. Every session lies inside the UTC day
 * of its own date (13:30 to 21:00 UTC), so no time zone is asked here.
 */
function sessionEndingAfter(at: Date): { date: string; session: Session } {
  const date = at.toISOString().slice(0, 10);
  const session = sessionOf(date);
  if (session && at < session.close) return { date, session };
  return sessionFrom(dayAfter(date));
}

/** The loop ends: the exchange was never closed for more than seven days in these years. */
function sessionFrom(first: string): { date: string; session: Session } {
  let date = first;
  let session = sessionOf(date);
  while (!session) {
    date = dayAfter(date);
    session = sessionOf(date);
  }
  return { date, session };
}

function reckonSession(date: Temporal.PlainDate): Session | null {
  const text = date.toString();
  const { closures, earlyCloses } = yearOf(text);
  if (date.dayOfWeek > 5 || closures.has(text) || isClosedOnce(text)) return null;
  const early = earlyCloses.has(text);
  return {
    open: instantOf(date, openTime),
    close: instantOf(date, early ? earlyCloseTime : closeTime),
    early,
  };
}

function yearOf(date: string): Year {
  const year = Number(date.slice(0, 4));
  if (year < firstYear || year > lastYear) throw new CalendarUnknown(date);
  const known = years.get(year);
  if (known) return known;
  const rules = {
    closures: closuresOf(year),
    earlyCloses: earlyClosesOf(year),
    bankHolidays: bankHolidaysOf(year),
  };
  years.set(year, rules);
  return rules;
}

function instantOf(date: Temporal.PlainDate, plainTime: string): Date {
  return new Date(date.toZonedDateTime({ timeZone, plainTime }).epochMilliseconds);
}

function parseDate(date: string): Temporal.PlainDate {
  if (!isoDate.test(date)) throw new RangeError(`not a date: ${date}`);
  return Temporal.PlainDate.from(date);
}

const dayAfter = (date: string): string =>
  new Date(Date.parse(date) + dayMs).toISOString().slice(0, 10);

const dayBefore = (date: string): string =>
  new Date(Date.parse(date) - dayMs).toISOString().slice(0, 10);
