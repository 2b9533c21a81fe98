import { Decimal } from '@simplebank/kernel/decimal';
import { expect, test } from 'vitest';
import { collarOf, type Quote, referenceOf } from './prices.ts';
import { defaultTicks, isOnTick } from './ticks.ts';

test.each([
  ['1.00', true],
  ['1.01', true],
  ['1.001', false],
  ['0.9999', true],
  ['0.99995', false],
  ['0.0001', true],
  ['150.5', true],
])('a price of %s is on the tick: %s', (price, expected) => {
  expect(isOnTick(new Decimal(price), defaultTicks)).toBe(expected);
});

test.each([
  ['100.00', '104', '96'],
  ['33.33', '34.66', '32'],
  ['0.97', '1', '0.9312'],
  ['1.03', '1.07', '0.9888'],
  ['0.5000', '0.52', '0.48'],
  ['0.0001', '0.0001', '0.0001'],
])('the collar of %s is %s for a buy and %s for a sale', (reference, buy, sell) => {
  const price = new Decimal(reference);
  expect(collarOf(price, 'BUY', defaultTicks).toFixed()).toBe(buy);
  expect(collarOf(price, 'SELL', defaultTicks).toFixed()).toBe(sell);
});

const at = new Date('2026-07-15T15:00:00.000Z');
const quote = (change: Partial<Quote> = {}): Quote => ({
  assetId: 'a',
  bid: new Decimal('9.99'),
  ask: new Decimal('10.01'),
  last: new Decimal('10.00'),
  sequence: 1n,
  at,
  ...change,
});
const inMinutes = (minutes: number) => new Date(at.getTime() + minutes * 60_000);

test('the reference is the ask for a buy, the bid for a sale, else the last price', () => {
  const now = { now: at, marketOpen: true };
  const none = new Decimal(0);
  expect(referenceOf(quote(), 'BUY', now)?.toFixed()).toBe('10.01');
  expect(referenceOf(quote(), 'SELL', now)?.toFixed()).toBe('9.99');
  expect(referenceOf(quote({ ask: none }), 'BUY', now)?.toFixed()).toBe('10');
  expect(referenceOf(quote({ ask: none, last: none }), 'BUY', now)).toBeNull();
  expect(referenceOf(null, 'BUY', now)).toBeNull();
});

test('a quote older than 15 minutes is no reference while the market is open', () => {
  const asked = (minutes: number, marketOpen: boolean) =>
    referenceOf(quote(), 'BUY', { now: inMinutes(minutes), marketOpen })?.toFixed() ?? null;
  expect([asked(15, true), asked(15.01, true), asked(600, false)]).toEqual([
    '10.01',
    null,
    '10.01',
  ]);
});
