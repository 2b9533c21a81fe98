import { Decimal } from '@simplebank/kernel/decimal';
import { createVirtualClock } from '@simplebank/testkit/clock';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { people } from '../seed/people.ts';
import { strategies } from '../seed/strategies.ts';
import type { Scene } from './acting.ts';
import { hasCalendar, openOf, tradingDaysBefore } from './days.ts';
import { tradedSymbols, writeDiary } from './diary.ts';
import type { Past } from './past.ts';
import { play } from './play.ts';

/** A bank that agrees to everything, and when it was asked what. */
function agreeable(start: Date) {
  const clock = createVirtualClock(start);
  const moments: Date[] = [];
  const note = async () => void moments.push(clock.now());
  const past: Past = {
    clock,
    ask: async <T>() => {
      await note();
      return { account: { id: 'account' } } as T;
    },
    run: note,
    pump: note,
    record: note,
    close: note,
  };
  return { past, moments };
}

async function playUntil(now: Date) {
  const dates = tradingDaysBefore(now);
  const { past, moments } = agreeable(openOf(dates[0] ?? ''));
  const scene: Scene = {
    ...{ past, symbols: tradedSymbols, prices: { at: () => new Decimal(100), days: () => [] } },
    staff: { kind: 'anonymous', channel: 'federation' },
    registered: new Map(people.map(({ email }) => [email, email])),
    strategies: new Map(strategies.map(({ name }) => [name, name])),
  };
  await play(scene, writeDiary(dates), now);
  return moments;
}

const chosen = [
  '2026-11-21T17:00:00Z', // a Saturday
  '2026-10-31T20:30:00Z', // an end of a month
  '2027-01-01T05:03:00Z', // a year and a month of three minutes in New York
  '2026-12-01T05:30:00Z', // the same a month earlier, statements written
  '2028-02-29T15:00:00Z',
  '2026-12-31T23:59:59.999Z',
  '2027-01-01T00:00:00Z', // another year in London than in New York
  '2000-01-05T12:00:00Z', // among the first that have two years behind them
  '2028-12-31T23:00:00Z', // the last
].map((text) => new Date(text));

const from = Date.parse('2000-02-01');
const minutes = (Date.parse('2028-12-31') - from) / 60_000;
const anyTime = fc.integer({ min: 0, max: minutes }).map((some) => new Date(from + some * 60_000));

test('whenever a bank starts first, its past can be played and ends before it', async () => {
  await fc.assert(
    fc.asyncProperty(anyTime, async (now) => {
      expect(hasCalendar(now)).toBe(true);
      const moments = await playUntil(now);
      expect(moments.length).toBeGreaterThan(100);
      expect(moments).toEqual(moments.toSorted((a, b) => a.getTime() - b.getTime()));
      expect(moments.at(-1)?.getTime()).toBeLessThan(now.getTime());
    }),
    { numRuns: 25, examples: chosen.map((now) => [now]) },
  );
}, 120_000);

test('without a calendar there is no past', () => {
  for (const now of ['1970-01-01', '1998-01-01', '1999-12-31', '2029-01-02', '2040-02-29']) {
    expect({ now, known: hasCalendar(new Date(now)) }).toEqual({ now, known: false });
  }
});
