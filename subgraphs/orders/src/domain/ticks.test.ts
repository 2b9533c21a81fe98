import { Decimal } from '@simplebank/kernel/decimal';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aDraft, anAsset, knowing } from '../../test/builders.ts';
import { place } from './placement.ts';
import { collarOf } from './prices.ts';
import { defaultTicks, isOnTick, type Ticks, tickAbove, tickBelow } from './ticks.ts';

const table = (...rungs: readonly [string, string][]): Ticks =>
  rungs.map(([from, step]) => ({ from: new Decimal(from), step: new Decimal(step) }));
const nickels = table(['0', '0.05']);
/** From 2 on only halves: 1.9 is the last price below it. */
const odd = table(['0', '0.1'], ['2', '0.5'], ['1000', '7']);

test.each([
  { ticks: nickels, price: '10.07', below: '10.05', above: '10.1' },
  { ticks: nickels, price: '0.04', below: '0', above: '0.05' },
  { ticks: defaultTicks, price: '0.99995', below: '0.9999', above: '1' },
  { ticks: defaultTicks, price: '1.005', below: '1', above: '1.01' },
  { ticks: odd, price: '2.3', below: '2', above: '2.5' },
  { ticks: odd, price: '1.95', below: '1.9', above: '2' },
  { ticks: odd, price: '1000.5', below: '999.5', above: '1001' },
  { ticks: odd, price: '1002', below: '1001', above: '1008' },
])('around $price lie the ticks $below and $above', ({ ticks, price, below, above }) => {
  const found = [tickBelow(new Decimal(price), ticks), tickAbove(new Decimal(price), ticks)];
  expect(found.map((tick) => tick.toFixed())).toEqual([below, above]);
});

test('below is never above and never off the tick, above never below, whatever the table', () => {
  const price = fc.integer({ min: 1, max: 3_000_000 }).map((n) => new Decimal(n).div(1_000));
  const property = fc.property(price, fc.constantFrom(nickels, defaultTicks, odd), (one, ticks) => {
    const [below, above] = [tickBelow(one, ticks), tickAbove(one, ticks)];
    expect([below, above].every((tick) => isOnTick(tick, ticks))).toBe(true);
    expect(below.lessThanOrEqualTo(one) && above.greaterThanOrEqualTo(one)).toBe(true);
    if (isOnTick(one, ticks)) expect([below.equals(one), above.equals(one)]).toEqual([true, true]);
  });
  fc.assert(property, { numRuns: 1_000 });
});

test('an order is priced and judged in the ticks of its own asset', () => {
  const asset = anAsset({ ticks: nickels });
  const limit = (price: string) =>
    place(aDraft({ limitPrice: new Decimal(price) }), knowing({ asset }));
  expect(limit('50.05').ok).toBe(true);
  expect(limit('50.01')).toEqual({ ok: false, error: 'PRICE_OFF_TICK' });
  const stop = place(
    aDraft({ type: 'STOP', limitPrice: null, stopPrice: new Decimal('10.10') }),
    knowing({ asset }),
  );
  // 10.10 × 1.04 = 10.504
  expect(stop.ok && stop.value.venuePrice.toFixed()).toBe('10.5');
  expect(collarOf(new Decimal('10.10'), 'SELL', nickels).toFixed()).toBe('9.7');
});
