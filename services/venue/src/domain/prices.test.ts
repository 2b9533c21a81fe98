import fc from 'fast-check';
import { expect, test } from 'vitest';
import { priceAt, quoteAt } from './prices.ts';

const hourMs = 3_600_000;
const seed = fc.string({ minLength: 1, maxLength: 12 });
const symbol = fc.stringMatching(/^[A-Z]{1,5}$/);
const instant = fc.date({
  min: new Date('2020-01-01T00:00:00Z'),
  max: new Date('2030-01-01T00:00:00Z'),
  noInvalidDate: true,
});

test('the same seed, symbol and instant give the same price', () => {
  fc.assert(
    fc.property(seed, symbol, instant, (seed, symbol, at) => {
      expect(priceAt(seed, symbol, at).toFixed()).toBe(priceAt(seed, symbol, at).toFixed());
    }),
  );
});

test('prices of a known seed stay what they are', () => {
  const at = new Date('2026-01-30T15:00:00Z');
  const prices = ['AAPL', 'MSFT', 'ZTS'].map((name) => priceAt('simplebank', name, at).toFixed(2));
  expect(prices).toMatchInlineSnapshot(`
    [
      "159.30",
      "465.24",
      "436.68",
    ]
  `);
});

test('a price is positive and on the tick of 0.01, and bid ≤ last ≤ ask within a tick', () => {
  fc.assert(
    fc.property(seed, symbol, instant, (seed, symbol, at) => {
      const { bid, ask, last } = quoteAt(seed, symbol, at);
      expect(last.decimalPlaces()).toBeLessThanOrEqual(2);
      expect(bid.greaterThan(1)).toBe(true);
      expect([last.minus(bid).toFixed(), ask.minus(last).toFixed()]).toEqual(['0.01', '0.01']);
    }),
  );
});

test('an hour moves a price by at most 1 % and a tick', () => {
  const moment = fc.record({ seed, symbol, at: instant, ms: fc.integer({ min: 1, max: hourMs }) });
  fc.assert(
    fc.property(moment, ({ seed, symbol, at, ms }) => {
      const before = priceAt(seed, symbol, at);
      const after = priceAt(seed, symbol, new Date(at.getTime() + ms));
      const change = after.minus(before).abs();
      expect(change.lessThanOrEqualTo(before.times('0.01').plus('0.01'))).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

test('prices move: no symbol stands still for a day', () => {
  const day = Array.from({ length: 24 }, (_, hour) => new Date(Date.UTC(2026, 0, 30, hour)));
  const seen = new Set(day.map((at) => priceAt('simplebank', 'AAPL', at).toFixed(2)));
  expect(seen.size).toBeGreaterThan(12);
});
