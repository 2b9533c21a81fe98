import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  CalendarUnknown,
  clockAt,
  isSettlementDay,
  isTradingDay,
  marketDateOf,
  sessionOf,
  settlementDate,
  tradeDateOf,
  tradingDayBefore,
} from './calendar.ts';

type Dated = { date: string; reason: string };
type Probe =
  | {
      kind: 'session';
      date: string;
      expected: { open: string | null; close?: string; early?: boolean };
    }
  | {
      kind: 'clock';
      at: string;
      expected: { isOpen: boolean; nextOpen: string; nextClose: string };
    }
  | { kind: 'settlement'; tradeDate: string; expected: string };

const data = (file: string) =>
  JSON.parse(readFileSync(new URL(`../../../tests/data/${file}`, import.meta.url), 'utf8'));
const closures: Dated[] = data('nyse-closures.json').closures;
const earlyCloses: Dated[] = data('nyse-early-closes.json').earlyCloses;
const settlement: { tradingDaysWithoutSettlement: Dated[] } = data('settlement.json');
const cases: { probes: Probe[]; tradingDaysPerYear: Record<string, number> } =
  data('calendar-cases.json');

const datesOf = (list: Dated[]) => list.map(({ date }) => date);
const weekday = (date: string) => new Date(date).getUTCDay();

function everyDay(): string[] {
  const days: string[] = [];
  for (let at = Date.UTC(1998, 0, 1); at <= Date.UTC(2028, 11, 31); at += 86_400_000) {
    days.push(new Date(at).toISOString().slice(0, 10));
  }
  return days;
}

const weekdays = everyDay().filter((date) => weekday(date) !== 0 && weekday(date) !== 6);

/** New York time as the platform's own time zone data give it, not as our code reckons it. */
const newYork = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'America/New_York',
  dateStyle: 'short',
  timeStyle: 'short',
});

describe('every day of 1998–2028', () => {
  test('closes exactly on weekends and on the published closures', () => {
    expect(weekdays.filter((date) => !isTradingDay(date))).toEqual(datesOf(closures));
    const weekends = everyDay().filter((date) => !weekdays.includes(date));
    expect(weekends.filter(isTradingDay)).toEqual([]);
  });

  test('closes early exactly on the published days', () => {
    expect(weekdays.filter((date) => sessionOf(date)?.early)).toEqual(datesOf(earlyCloses));
  });

  test('opens at 09:30 and closes at 16:00 or 13:00, New York time', () => {
    const early = new Set(datesOf(earlyCloses));
    const wrong = weekdays.filter((date) => {
      const session = sessionOf(date);
      if (!session) return false;
      const hours = [session.open, session.close].map((at) => newYork.format(at));
      const close = early.has(date) ? '13:00' : '16:00';
      return hours.join() !== `${date} 09:30,${date} ${close}`;
    });
    expect(wrong).toEqual([]);
  });

  test('settles on trading days but for the published bank holidays', () => {
    const idle = weekdays.filter((date) => isTradingDay(date) && !isSettlementDay(date));
    expect(idle).toEqual(datesOf(settlement.tradingDaysWithoutSettlement));
  });

  test('has the published number of trading days', () => {
    const counted = Object.keys(cases.tradingDaysPerYear).map((year) => [
      year,
      weekdays.filter((date) => date.startsWith(year) && isTradingDay(date)).length,
    ]);
    expect(Object.fromEntries(counted)).toEqual(cases.tradingDaysPerYear);
  });
});

const utc = (at: string) => new Date(at);

test.each(cases.probes)('case %#: $kind $date$at$tradeDate', (probe) => {
  if (probe.kind === 'settlement') {
    expect(settlementDate(probe.tradeDate)).toBe(probe.expected);
  } else if (probe.kind === 'clock') {
    const { isOpen, nextOpen, nextClose } = probe.expected;
    expect(clockAt(utc(probe.at))).toEqual({
      isOpen,
      nextOpen: utc(nextOpen),
      nextClose: utc(nextClose),
    });
  } else if (probe.expected.open === null) {
    expect(sessionOf(probe.date)).toBeNull();
  } else {
    const { open, close = '', early } = probe.expected;
    expect(sessionOf(probe.date)).toEqual({ open: utc(open), close: utc(close), early });
  }
});

test.each([
  ['2026-11-20T15:00:00.000Z', '2026-11-20', 'within hours: today'],
  ['2026-11-20T09:00:00.000Z', '2026-11-20', 'before the open: today'],
  ['2026-11-20T21:00:00.000Z', '2026-11-23', 'the close belongs to the next trading day'],
  ['2026-11-22T03:00:00.000Z', '2026-11-23', 'Saturday night in New York: Monday'],
  ['2026-11-26T16:00:00.000Z', '2026-11-27', 'Thanksgiving: the day after'],
])('a trade at %s counts for %s (%s)', (at, date) => {
  expect(tradeDateOf(utc(at))).toBe(date);
});

test('guesses nothing outside 1998–2028, nor for what is no date', () => {
  expect(() => sessionOf('1997-12-31')).toThrow(CalendarUnknown);
  expect(() => sessionOf('2029-01-02')).toThrow(CalendarUnknown);
  expect(() => clockAt(utc('2028-12-29T22:00:00Z'))).toThrow(CalendarUnknown);
  expect(() => settlementDate('2028-12-29')).toThrow(CalendarUnknown);
  expect(() => sessionOf('2024-02-30')).toThrow(RangeError);
  expect(() => sessionOf('2024-2-3')).toThrow(RangeError);
  expect(() => settlementDate('2026-11-21')).toThrow(RangeError);
});

test('the date in New York follows its own midnight, through daylight saving', () => {
  const dates = ['2026-01-30T04:59:59.999Z', '2026-01-30T05:00:00.000Z'].map((at) => new Date(at));
  expect(dates.map(marketDateOf)).toEqual(['2026-01-29', '2026-01-30']);
  const summer = ['2026-07-01T03:59:59.999Z', '2026-07-01T04:00:00.000Z'].map((at) => new Date(at));
  expect(summer.map(marketDateOf)).toEqual(['2026-06-30', '2026-07-01']);
});

test('the trading day before one passes over weekends and holidays', () => {
  expect(['2026-11-27', '2026-11-30', '2001-09-17'].map(tradingDayBefore)).toEqual([
    '2026-11-25',
    '2026-11-27',
    '2001-09-10',
  ]);
  expect(() => tradingDayBefore('1998-01-02')).toThrow(CalendarUnknown);
});
