import { Decimal } from '@simplebank/kernel/decimal';
import type { AssetId } from '@simplebank/kernel/ids';
import { marketHours } from '@simplebank/kernel/market-hours';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Quote } from '../../domain/quote.ts';
import { type Candle, candlesOf, foldCandles } from './candle.ts';
import { type Session, sessionOn } from './session.ts';

const day = sessionOn(marketHours('nyse'), '2026-11-27') as Session;
const lengthMs = day.end.getTime() - day.start.getTime();

const quote = fc.record({
  sequence: fc.integer({ min: 1, max: 40 }),
  cents: fc.integer({ min: 1, max: 500 }),
  afterMs: fc.integer({ min: 0, max: lengthMs - 1 }),
});
type Drawn = typeof quote extends fc.Arbitrary<infer T> ? T : never;

const quoteOf = ({ sequence, cents, afterMs }: Drawn): Quote => {
  const last = new Decimal(cents).div(100);
  const at = new Date(day.start.getTime() + afterMs);
  const sizes = { bidSize: null, askSize: null };
  return { assetId: 'a' as AssetId, bid: last, ask: last, last, ...sizes, sequence, at };
};
const folded = (quotes: readonly Quote[]) =>
  foldCandles(quotes.flatMap((one) => candlesOf(one, day)));
const of = (interval: string, candles: readonly Candle[]) =>
  candles.filter((candle) => candle.interval === interval);
const plain = (candles: readonly Candle[]) => JSON.stringify(candles);

test('quotes lead to the same candles in any order, any grouping and any number of times', () => {
  const scene = fc.record({
    drawn: fc.array(quote, { minLength: 1, maxLength: 12 }),
    cut: fc.nat(12),
    seed: fc.infiniteStream(fc.nat(11)),
  });
  fc.assert(
    fc.property(scene, ({ drawn, cut, seed }) => {
      const quotes = drawn.map(quoteOf);
      const expected = plain(folded(quotes));
      const order = quotes
        .map((one) => ({ one, key: seed.next().value }))
        .sort((a, b) => a.key - b.key);
      const shuffled = order.map(({ one }) => one);
      expect(plain(folded([...shuffled, ...shuffled.slice(cut)]))).toBe(expected);
      const parts = [shuffled.slice(0, cut), shuffled.slice(cut), shuffled.slice(0, cut)];
      expect(plain(foldCandles(parts.flatMap(folded)))).toBe(expected);
    }),
    { numRuns: 2_000 },
  );
});

test('a day is the fold of its minutes and of its hours, and an hour that of its minutes', () => {
  fc.assert(
    fc.property(fc.array(quote, { minLength: 1, maxLength: 20 }), (drawn) => {
      const candles = folded(drawn.map(quoteOf));
      const [whole] = of('DAY', candles);
      const as = (interval: 'HOUR' | 'DAY', parts: readonly Candle[]) =>
        foldCandles(
          parts.map((part) => {
            const sinceMs = part.startsAt.getTime() - day.start.getTime();
            const hour = new Date(
              day.start.getTime() + Math.floor(sinceMs / 3_600_000) * 3_600_000,
            );
            return { ...part, interval, startsAt: interval === 'DAY' ? day.start : hour };
          }),
        );
      expect(plain(as('DAY', of('MINUTE', candles)))).toBe(plain(whole ? [whole] : []));
      expect(plain(as('DAY', of('HOUR', candles)))).toBe(plain(whole ? [whole] : []));
      expect(plain(as('HOUR', of('MINUTE', candles)))).toBe(plain(of('HOUR', candles)));
    }),
    { numRuns: 2_000 },
  );
});

test('the lowest sequence opens and the highest closes, whatever the clocks say', () => {
  const [early, late] = [0, 1_000].map((afterMs) => ({ afterMs }));
  const quotes = [
    { sequence: 7, cents: 100, ...early },
    { sequence: 3, cents: 400, ...late },
    { sequence: 5, cents: 900, ...late },
  ].map((one) => quoteOf(one as Drawn));
  const [whole] = of('DAY', folded(quotes));
  expect([whole?.open, whole?.high, whole?.low, whole?.close].map(String)).toEqual([
    ...['4', '9', '1', '1'],
  ]);
});
