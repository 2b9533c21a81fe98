import { expect, test } from 'vitest';
import { isCurrent, isStale, marketHours } from './market-hours.ts';

const at = (text: string) => new Date(text);
const saturdayNight = at('2026-11-22T03:00:00.000Z');
const mondayOpen = at('2026-11-23T14:30:00.000Z');
const mondayClose = at('2026-11-23T21:00:00.000Z');
const tuesdayClose = at('2026-11-24T21:00:00.000Z');

test('nyse trades in the hours of the exchange, and a DAY order ends at the next close', () => {
  const hours = marketHours('nyse');
  expect(hours.isOpen(saturdayNight)).toBe(false);
  expect(hours.nextOpen(saturdayNight)).toEqual(mondayOpen);
  expect(hours.dayEnd(saturdayNight)).toEqual(mondayClose);
  expect(hours.isOpen(mondayOpen)).toBe(true);
  expect(hours.nextOpen(mondayOpen)).toEqual(mondayOpen);
  expect(hours.dayEnd(at('2026-11-23T20:59:00.000Z'))).toEqual(mondayClose);
  expect(hours.isOpen(mondayClose)).toBe(false);
});

test('always is open at every hour, and a DAY order lives at least one hour', () => {
  const hours = marketHours('always');
  expect(hours.isOpen(saturdayNight)).toBe(true);
  expect(hours.nextOpen(saturdayNight)).toEqual(saturdayNight);
  expect(hours.dayEnd(saturdayNight)).toEqual(mondayClose);
  expect(hours.dayEnd(at('2026-11-23T19:59:59.999Z'))).toEqual(mondayClose);
  expect(hours.dayEnd(at('2026-11-23T20:00:00.000Z'))).toEqual(tuesdayClose);
});

test('shares are those of the local date; always, they are those of the trade date', () => {
  const fridayClose = at('2026-11-20T21:00:00.000Z');
  const mondayMidnight = at('2026-11-23T05:00:00.000Z');
  const nyse = marketHours('nyse');
  expect(nyse.shareDateOf(new Date(mondayMidnight.getTime() - 1))).toBe('2026-11-22');
  expect(nyse.shareDateOf(mondayMidnight)).toBe('2026-11-23');
  expect(nyse.shareDateBegins('2026-11-23')).toEqual(mondayMidnight);
  expect(nyse.shareDateBegins('2026-07-01')).toEqual(at('2026-07-01T04:00:00.000Z'));
  const always = marketHours('always');
  expect(always.shareDateOf(new Date(fridayClose.getTime() - 1))).toBe('2026-11-20');
  expect(always.shareDateOf(fridayClose)).toBe('2026-11-23');
  expect(always.shareDateOf(saturdayNight)).toBe('2026-11-23');
  expect(always.shareDateBegins('2026-11-23')).toEqual(fridayClose);
  expect(always.shareDateBegins('2026-11-30')).toEqual(at('2026-11-27T18:00:00.000Z'));
  expect(always.shareDateOf(at('2128-01-02T12:00:00.000Z'))).toBe('2128-01-02');
  expect(always.shareDateBegins('2128-01-02')).toEqual(at('2128-01-02T05:00:00.000Z'));
});

test('a price is stale after 15 minutes, but not while the market is closed', () => {
  const nyse = marketHours('nyse');
  const price = at('2026-11-23T15:00:00.000Z');
  expect(isStale(nyse, { at: price, now: at('2026-11-23T15:15:00.000Z') })).toBe(false);
  expect(isStale(nyse, { at: price, now: at('2026-11-23T15:15:00.001Z') })).toBe(true);
  expect(isStale(nyse, { at: price, now: mondayClose })).toBe(false);
  expect(isStale(marketHours('always'), { at: price, now: mondayClose })).toBe(true);
});

test('a price values holdings for 5 minutes of an open market, the last one all night', () => {
  const nyse = marketHours('nyse');
  const lastPrice = at('2026-11-23T20:59:59.000Z');
  const nextDay = (time: string) =>
    isCurrent(nyse, { at: lastPrice, now: at(`2026-11-24T${time}`) });
  expect([nextDay('02:00:00.000Z'), nextDay('14:29:59.999Z')]).toEqual([true, true]);
  expect(nextDay('14:30:00.000Z')).toBe(false);
  const price = at('2026-11-24T15:00:00.000Z');
  const now = (time: string) => isCurrent(nyse, { at: price, now: at(`2026-11-24T${time}`) });
  expect([now('15:05:00.000Z'), now('15:05:00.001Z')]).toEqual([true, false]);
});
