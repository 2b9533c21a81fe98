import { Decimal } from '@simplebank/kernel/decimal';
import type { AssetId } from '@simplebank/kernel/ids';
import { marketHours } from '@simplebank/kernel/market-hours';
import { describe, expect, test } from 'vitest';
import { candlesOf } from './candle.ts';
import { endedSessions, sessionAt, sessionOn } from './session.ts';

const [nyse, always] = [marketHours('nyse'), marketHours('always')];
const one = new Decimal(1);
const startsAt = (hours: typeof nyse, at: string) => {
  const session = sessionAt(hours, new Date(at));
  if (!session) return null;
  const quote = { assetId: 'a' as AssetId, bid: one, ask: one, last: one, sequence: 1 };
  const sized = { ...quote, bidSize: null, askSize: null, at: new Date(at) };
  return candlesOf(sized, session).map((candle) => candle.startsAt.toISOString().slice(5, 16));
};

describe('on the hours of the exchange', () => {
  test.each([
    ['2026-11-23T14:30:00.000Z', ['11-23T14:30', '11-23T14:30', '11-23T14:30']],
    ['2026-11-23T15:29:59.999Z', ['11-23T15:29', '11-23T14:30', '11-23T14:30']],
    ['2026-11-23T15:30:00.000Z', ['11-23T15:30', '11-23T15:30', '11-23T14:30']],
    ['2026-11-23T20:59:59.999Z', ['11-23T20:59', '11-23T20:30', '11-23T14:30']],
    ['2026-11-23T21:00:00.000Z', null],
    ['2026-11-23T14:29:59.999Z', null],
    // In summer New York is an hour earlier in UTC.
    ['2026-07-01T13:30:00.000Z', ['07-01T13:30', '07-01T13:30', '07-01T13:30']],
    // The day after Thanksgiving closes at 13:00.
    ['2026-11-27T17:59:59.999Z', ['11-27T17:59', '11-27T17:30', '11-27T14:30']],
    ['2026-11-27T18:00:00.000Z', null],
    ['2026-11-28T15:00:00.000Z', null],
    ['2035-01-02T15:00:00.000Z', null],
  ])('a quote of %s belongs to %j', (at, expected) => {
    expect(startsAt(nyse, at)).toEqual(expected);
  });
});

describe('around the clock', () => {
  test.each([
    // A Saturday belongs to Monday, whose day begins with the close of Friday.
    ['2026-11-21T12:34:56.000Z', ['11-21T12:34', '11-21T12:00', '11-20T21:00']],
    ['2026-11-23T20:59:59.999Z', ['11-23T20:59', '11-23T20:00', '11-20T21:00']],
    ['2026-11-23T21:00:00.000Z', ['11-23T21:00', '11-23T21:00', '11-23T21:00']],
  ])('a quote of %s belongs to %j', (at, expected) => {
    expect(startsAt(always, at)).toEqual(expected);
  });

  test('no instant belongs to two days or to none', () => {
    const dates = ['2026-11-25', '2026-11-27', '2026-11-30', '2026-12-01'];
    const sessions = dates.map((date) => sessionOn(always, date));
    for (const [nth, session] of sessions.entries()) {
      if (nth > 0) expect(session?.start).toEqual(sessions[nth - 1]?.end);
    }
  });
});

test('a session has ended when its grace is over', () => {
  const ended = (now: string) =>
    endedSessions(nyse, { now: new Date(now), days: 4, graceMs: 60_000 }).map(({ date }) => date);
  expect(ended('2026-11-23T21:00:59.999Z')).toEqual(['2026-11-20']);
  expect(ended('2026-11-23T21:01:00.000Z')).toEqual(['2026-11-23', '2026-11-20']);
});
