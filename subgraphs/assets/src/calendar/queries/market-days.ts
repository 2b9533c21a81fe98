import {
  CalendarUnknown,
  clockAt,
  isSettlementDay,
  isTradingDay,
  sessionOf,
  settlementDate,
} from '@simplebank/kernel/calendar';
import { ok, type Result, refuse } from '@simplebank/kernel/result';
import type { Deps } from '../../deps.ts';

/** One calendar day of the exchange; times are null when it does not trade. */
export type MarketDay = {
  readonly date: string;
  readonly isTradingDay: boolean;
  readonly open: Date | null;
  readonly close: Date | null;
  readonly isEarlyClose: boolean;
  readonly isSettlementDay: boolean;
  /** When trades of this day settle; null without trades, and where it is later than 2028. */
  readonly settlementDate: string | null;
};
export type Clock = {
  readonly isOpen: boolean;
  readonly nextOpen: Date | null;
  readonly nextClose: Date | null;
  readonly calendar: 'NYSE' | 'ALWAYS';
};
export type Known<T> = Result<T, 'CALENDAR_UNKNOWN'>;

export type ClockAsked = { readonly at: Date; readonly calendar: Clock['calendar'] | null };

/** By the calendar in force if none is named; around the clock no calendar is needed. */
export const clockOf = (
  { hours }: Pick<Deps, 'hours'>,
  { at, calendar }: ClockAsked,
): Known<Clock> =>
  (calendar ?? hours.calendar.toUpperCase()) === 'ALWAYS'
    ? ok({ isOpen: true, nextOpen: null, nextClose: null, calendar: 'ALWAYS' })
    : known(() => ({ ...clockAt(at), calendar: 'NYSE' }));

export const marketDayOf = (date: string): Known<MarketDay> => known(() => dayOf(date));

export const marketDaysMax = 366;
const dayMs = 86_400_000;

/** Both ends belong to it. */
export const daysBetween = (from: string, to: string): number =>
  Math.round((Date.parse(to) - Date.parse(from)) / dayMs) + 1;

export const marketDaysOf = (from: string, to: string): Known<MarketDay[]> =>
  known(() =>
    Array.from({ length: daysBetween(from, to) }, (_, day) =>
      dayOf(new Date(Date.parse(from) + day * dayMs).toISOString().slice(0, 10)),
    ),
  );

function dayOf(date: string): MarketDay {
  const session = sessionOf(date);
  return {
    date,
    isTradingDay: session !== null,
    open: session?.open ?? null,
    close: session?.close ?? null,
    isEarlyClose: session?.early ?? false,
    isSettlementDay: isSettlementDay(date),
    settlementDate: isTradingDay(date) ? settles(date) : null,
  };
}

function settles(date: string): string | null {
  const settled = known(() => settlementDate(date));
  return settled.ok ? settled.value : null;
}

function known<T>(look: () => T): Known<T> {
  try {
    return ok(look());
  } catch (error) {
    if (error instanceof CalendarUnknown) return refuse('CALENDAR_UNKNOWN');
    throw error;
  }
}
