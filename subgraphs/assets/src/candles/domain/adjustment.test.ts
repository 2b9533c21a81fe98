import { Decimal } from '@simplebank/kernel/decimal';
import { expect, test } from 'vitest';
import { adjusted, dividendFactor, splitFactor } from './adjustment.ts';
import type { Candle } from './candle.ts';

const candle = (startsAt: string, price: string): Candle => {
  const one = new Decimal(price);
  return {
    ...{ assetId: 'a', interval: 'DAY', startsAt: new Date(startsAt) },
    ...{ open: one, high: one, low: one, close: one, openSequence: 0, closeSequence: 0 },
  };
};
const before = (date: string, by: Decimal) => ({ before: new Date(`${date}T13:30:00Z`), by });

test('Apple at 100.00 before its four splits is 100 ÷ 112 today', () => {
  const factors = [
    before('2000-06-21', splitFactor({ numerator: 2, denominator: 1 })),
    before('2005-02-28', splitFactor({ numerator: 2, denominator: 1 })),
    before('2014-06-09', splitFactor({ numerator: 7, denominator: 1 })),
    before('2020-08-31', splitFactor({ numerator: 4, denominator: 1 })),
  ];
  const shown = (at: string) => adjusted(candle(at, '100'), factors).close.toFixed();
  expect(shown('2000-06-20T13:30:00Z')).toBe('0.892857');
  expect(shown('2014-06-06T13:30:00Z')).toBe('3.571429');
  expect(shown('2020-08-28T13:30:00Z')).toBe('25');
  // The ex-date itself is on the new basis.
  expect(shown('2020-08-31T13:30:00Z')).toBe('100');
});

test('a dividend takes its part of the last close before it', () => {
  const factor = dividendFactor(new Decimal('2'), new Decimal('80'));
  expect(factor.toFixed()).toBe('0.975');
  const factors = [before('2026-11-24', factor)];
  expect(adjusted(candle('2026-11-23T14:30:00Z', '80'), factors).close.toFixed()).toBe('78');
  expect(dividendFactor(new Decimal('80'), new Decimal('80')).toFixed()).toBe('1');
});
