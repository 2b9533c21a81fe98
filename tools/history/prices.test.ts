import { Decimal } from '@simplebank/kernel/decimal';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tradingDaysBefore } from './days.ts';
import { type PathOptions, pricePath } from './prices.ts';

const dates = tradingDaysBefore(new Date('2026-11-20T22:00:00Z'));
const path = (given: Partial<PathOptions> = {}) =>
  pricePath({ seed: 'seed', symbol: 'AAPL', dates, last: new Decimal('187.31'), ...given });

const symbols = fc.string({ minLength: 1, maxLength: 5 });
const cents = fc.integer({ min: 1_000, max: 90_000 }).map((count) => new Decimal(count).div(100));

test('a path ends at the price from which the exchange goes on, and every day is a candle', () => {
  fc.assert(
    fc.property(symbols, cents, (symbol, last) => {
      const days = path({ symbol, last, dates: dates.slice(-60) });
      expect(days.at(-1)?.close.toFixed(2)).toBe(last.toFixed(2));
      for (const { open, high, low, close } of days) {
        expect(low.greaterThan(0)).toBe(true);
        expect(Decimal.min(open, close).greaterThanOrEqualTo(low)).toBe(true);
        expect(Decimal.max(open, close).lessThanOrEqualTo(high)).toBe(true);
        expect([open, high, low, close].every((price) => price.decimalPlaces() <= 2)).toBe(true);
      }
    }),
    { numRuns: 200 },
  );
});

test('the same seed gives the same path, another seed or symbol another', () => {
  expect(path()).toEqual(path());
  expect(path({ seed: 'other' })).not.toEqual(path());
  expect(path({ symbol: 'MSFT' })).not.toEqual(path());
});

const movesOf = (days: ReturnType<typeof path>) =>
  days.slice(1).map(({ close }, index) => close.div(days[index]?.close ?? 1).toNumber() - 1);

test('a day moves by the same share on whatever day the path is reckoned', () => {
  const later = movesOf(path());
  const earlier = movesOf(path({ dates: dates.slice(0, 300), last: new Decimal('187.31') }));
  const far = earlier.filter((move, index) => Math.abs(move - (later[index] ?? 0)) > 0.001);
  expect(far).toEqual([]);
});

test('prices move as those of shares do, about one and a half percent a day', () => {
  const moves = ['AAPL', 'MSFT', 'KO', 'XOM'].flatMap((symbol) => movesOf(path({ symbol })));
  const spread = Math.sqrt(moves.reduce((sum, move) => sum + move * move, 0) / moves.length);
  expect(spread).toBeGreaterThan(0.009);
  expect(spread).toBeLessThan(0.02);
  expect(Math.max(...moves.map(Math.abs))).toBeLessThan(0.12);
});
