import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  CalendarUnknown,
  clockAt,
  isSettlementDay,
  sessionOf,
  settlementDate,
  tradeDateOf,
} from './calendar.ts';

/**
 * A second calendar, written from the published lists and the law on daylight saving time alone: no
 * rule of a holiday, no time zone data and nothing of the first one.
 */
type Dated = { readonly date: string };
const data = (file: string) =>
  JSON.parse(readFileSync(new URL(`../../../tests/data/${file}`, import.meta.url), 'utf8'));
const dates = (list: readonly Dated[]) => new Set(list.map(({ date }) => date));
const closures = dates(data('nyse-closures.json').closures);
const earlyCloses = dates(data('nyse-early-closes.json').earlyCloses);
const settlement: {
  readonly cycles: readonly { readonly tradeDateFrom: string; readonly days: number }[];
  readonly tradingDaysWithoutSettlement: readonly Dated[];
} = data('settlement.json');
const withoutSettlement = dates(settlement.tradingDaysWithoutSettlement);

const dayMs = 86_400_000;
const hourMs = 3_600_000;
const firstDay = Date.UTC(1998, 0, 1);
const lastDay = Date.UTC(2028, 11, 31);
const sunday = 0;
const saturday = 6;

/** The n-th Sunday of a month, the last one for 0; at midnight UTC. */
function nthSunday(year: number, month: number, n: number): number {
  const sundays: number[] = [];
  for (let at = Date.UTC(year, month, 1); new Date(at).getUTCMonth() === month; at += dayMs) {
    if (new Date(at).getUTCDay() === sunday) sundays.push(at);
  }
  const found = n === 0 ? sundays.at(-1) : sundays[n - 1];
  if (found === undefined) throw new Error('every month has four Sundays');
  return found;
}

/** Uniform Time Act: April to October until 2006; Energy Policy Act of 2005: March to November. */
const summerOf = (year: number): { readonly from: number; readonly to: number } =>
  year < 2007
    ? { from: nthSunday(year, 3, 1), to: nthSunday(year, 9, 0) }
    : { from: nthSunday(year, 2, 2), to: nthSunday(year, 10, 1) };

const summers = new Map(
  Array.from({ length: 31 }, (_, nth) => [1998 + nth, summerOf(1998 + nth)] as const),
);
/** Clocks change at 02:00 on a Sunday, when nobody trades: the day decides. */
function offsetHours(day: number): number {
  const summer = summers.get(new Date(day).getUTCFullYear());
  return summer && day >= summer.from && day < summer.to ? 4 : 5;
}

type Listed = { readonly date: string; readonly open: number; readonly close: number };
const sessions: Listed[] = [];
for (let day = firstDay; day <= lastDay; day += dayMs) {
  const date = new Date(day).toISOString().slice(0, 10);
  const weekday = new Date(day).getUTCDay();
  if (weekday === sunday || weekday === saturday || closures.has(date)) continue;
  const midnight = day + offsetHours(day) * hourMs;
  const closeHour = earlyCloses.has(date) ? 13 : 16;
  sessions.push({ date, open: midnight + 9.5 * hourMs, close: midnight + closeHour * hourMs });
}

/** The first session of which this is true; they are in order. */
function firstSession(isTrue: (session: Listed) => boolean): Listed | null {
  let [from, to] = [0, sessions.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    const session = sessions[middle];
    if (session && isTrue(session)) to = middle;
    else from = middle + 1;
  }
  return sessions[from] ?? null;
}

function listedClock(at: number) {
  const nextOpen = firstSession(({ open }) => open > at);
  const current = firstSession(({ close }) => close > at);
  if (!nextOpen || !current) return 'unknown';
  return {
    isOpen: current.open <= at,
    nextOpen: new Date(nextOpen.open),
    nextClose: new Date(current.close),
  };
}

function answered<T>(ask: () => T): T | 'unknown' {
  try {
    return ask();
  } catch (error) {
    if (error instanceof CalendarUnknown) return 'unknown';
    throw error;
  }
}

const instant = fc.integer({ min: firstDay, max: lastDay + dayMs - 1 });

describe('a second calendar, from the published lists alone', () => {
  test('has the same sessions on every day', () => {
    const found: Listed[] = [];
    for (let day = firstDay; day <= lastDay; day += dayMs) {
      const date = new Date(day).toISOString().slice(0, 10);
      const session = sessionOf(date);
      if (!session) continue;
      found.push({ date, open: session.open.getTime(), close: session.close.getTime() });
    }
    expect(found).toEqual(sessions);
  });

  test('tells the same clock at 20,000 random instants', () => {
    fc.assert(
      fc.property(instant, (at) => {
        expect(answered(() => clockAt(new Date(at)))).toEqual(listedClock(at));
      }),
      { numRuns: 20_000 },
    );
  });

  test('tells the same clock a millisecond around every open and every close', () => {
    const wrong = sessions
      .flatMap(({ open, close }) => [open - 1, open, open + 1, close - 1, close, close + 1])
      .filter((at) => {
        const told = answered(() => clockAt(new Date(at)));
        return JSON.stringify(told) !== JSON.stringify(listedClock(at));
      });
    expect(wrong.map((at) => new Date(at).toISOString())).toEqual([]);
  });

  test('gives every instant the trade date of its session or of the next one', () => {
    fc.assert(
      fc.property(instant, (at) => {
        const expected = firstSession(({ close }) => close > at)?.date ?? 'unknown';
        expect(answered(() => tradeDateOf(new Date(at)))).toBe(expected);
      }),
      { numRuns: 10_000 },
    );
  });

  test('settles every trade on the same day', () => {
    const settling = sessions.filter(({ date }) => !withoutSettlement.has(date));
    const places = new Map(settling.map(({ date }, place) => [date, place]));
    let before = -1;
    const wrong = sessions.filter(({ date }) => {
      const own = places.get(date);
      before = own ?? before;
      expect(isSettlementDay(date)).toBe(own !== undefined);
      const cycle = settlement.cycles.findLast(({ tradeDateFrom }) => tradeDateFrom <= date);
      const expected = settling[before + (cycle?.days ?? 0)]?.date ?? 'unknown';
      return answered(() => settlementDate(date)) !== expected;
    });
    expect(wrong).toEqual([]);
  });
});

test('the open moves by an hour of UTC over each of the 62 changes of the clocks', () => {
  const around = [...summers.values()].flatMap(({ from, to }) => [
    { change: from, before: '14:30', after: '13:30' },
    { change: to, before: '13:30', after: '14:30' },
  ]);
  expect(around).toHaveLength(62);
  for (const { change, before, after } of around) {
    const opens = (first: number, step: number): string => {
      let day = first;
      let session = sessionOf(new Date(day).toISOString().slice(0, 10));
      while (!session) {
        day += step;
        session = sessionOf(new Date(day).toISOString().slice(0, 10));
      }
      return session.open.toISOString().slice(11, 16);
    };
    expect([opens(change, -dayMs), opens(change, dayMs)]).toEqual([before, after]);
  }
});

test('open and close of every answer lie after the instant, within eight days', () => {
  fc.assert(
    fc.property(instant, (at) => {
      const told = answered(() => clockAt(new Date(at)));
      if (told === 'unknown') return;
      for (const next of [told.nextOpen, told.nextClose]) {
        expect(next.getTime()).toBeGreaterThan(at);
        expect(next.getTime() - at).toBeLessThan(8 * dayMs);
      }
      expect(told.isOpen).toBe(told.nextClose < told.nextOpen);
    }),
    { numRuns: 10_000 },
  );
});
