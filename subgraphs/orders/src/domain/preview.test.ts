import { Decimal } from '@simplebank/kernel/decimal';
import { expect, test } from 'vitest';
import { aDraft, anAccount, aQuote, knowing, marketTime, weekend } from '../../test/builders.ts';
import type { Draft } from './draft.ts';
import { totalOf } from './fees.ts';
import { type Knowledge, place } from './placement.ts';
import { preview } from './preview.ts';

const dec = (text: string) => new Decimal(text);
const market = { type: 'MARKET', limitPrice: null } as const;
const sale = { side: 'SELL' } as const;

const shown = (draft: Partial<Draft>, known: Partial<Knowledge> = {}) => {
  const result = preview(aDraft(draft), knowing(known));
  if (!result.ok) return { refused: result.error };
  const { price, quantity, value, fees, total, hold, reservedQuantity, warnings } = result.value;
  const all = { price, quantity, value, fees: totalOf(fees), total, hold, reservedQuantity };
  const texts = Object.entries(all).map(([name, number]) => [name, number.toFixed()]);
  return { ...Object.fromEntries(texts), warnings };
};

test('a buy is estimated at the ask, and held for at worst', () => {
  expect(shown(market)).toEqual({
    price: '50',
    quantity: '10',
    value: '500',
    fees: '0.5',
    total: '500.5',
    hold: '520.52',
    reservedQuantity: '0',
    warnings: [],
  });
});

test('a sale is estimated at the bid with all its fees, and sets its shares aside', () => {
  expect(shown({ ...market, ...sale })).toEqual({
    price: '49.99',
    quantity: '10',
    value: '499.9',
    fees: '0.53',
    total: '499.37',
    hold: '0',
    reservedQuantity: '10',
    warnings: [],
  });
});

test('an amount says what it buys', () => {
  const byAmount = { ...market, quantity: null, amount: dec('200.00') };
  expect(shown(byAmount)).toMatchObject({ quantity: '3.996', value: '199.8', hold: '200' });
  // The commission of a cent more on shares would be a cent more as well.
  const odd = { ...byAmount, amount: dec('15.01') };
  expect(shown(odd)).toMatchObject({ value: '14.99', fees: '0.01', hold: '15.01' });
  expect(shown(odd).warnings).toEqual(['AMOUNT_LEAVES_REMAINDER']);
});

test('a limit better than the market waits at its price, another one trades at the market', () => {
  expect(shown({ limitPrice: dec('49.00') })).toMatchObject({ price: '49', warnings: [] });
  expect(shown({ limitPrice: dec('55.00') })).toMatchObject({
    price: '50',
    hold: '550.55',
    warnings: ['LIMIT_TRADES_AT_ONCE'],
  });
  expect(shown({ ...sale, limitPrice: dec('45.00') })).toMatchObject({
    price: '49.99',
    warnings: ['LIMIT_TRADES_AT_ONCE'],
  });
  expect(shown({}, { quote: null })).toMatchObject({ price: '50', warnings: [] });
});

test('a stop is estimated at its stop, or where the market is once it is reached', () => {
  const stop = (text: string) =>
    ({ type: 'STOP', limitPrice: null, stopPrice: dec(text) }) as const;
  const limited = (text: string, limit: string) =>
    ({ type: 'STOP_LIMIT', limitPrice: dec(limit), stopPrice: dec(text) }) as const;
  expect(shown(stop('60.00'))).toMatchObject({ price: '60', hold: '624.62', warnings: [] });
  expect(shown(stop('50.00'))).toMatchObject({
    price: '50',
    warnings: ['STOP_TRIGGERS_AT_ONCE'],
  });
  // Far past its stop it may pay no more than the collar from there.
  expect(shown(stop('40.00'))).toMatchObject({
    price: '41.6',
    warnings: ['STOP_TRIGGERS_AT_ONCE'],
  });
  expect(shown({ ...stop('45.00'), ...sale })).toMatchObject({ price: '45', warnings: [] });
  expect(shown({ ...stop('50.00'), ...sale })).toMatchObject({
    price: '49.99',
    warnings: ['STOP_TRIGGERS_AT_ONCE'],
  });
  expect(shown(limited('60.00', '59.00'))).toMatchObject({
    price: '59',
    warnings: ['LIMIT_BEYOND_STOP'],
  });
  expect(shown({ ...limited('45.00', '46.00'), ...sale }).warnings).toEqual(['LIMIT_BEYOND_STOP']);
});

test('a closed market and an old price are told; fees are those of the day it would trade', () => {
  expect(shown(market, { now: weekend }).warnings).toEqual(['MARKET_CLOSED', 'PRICE_STALE']);
  const old = aQuote({ at: new Date(marketTime.getTime() - 901_000) });
  expect(shown({}, { quote: old }).warnings).toEqual(['PRICE_STALE', 'LIMIT_TRADES_AT_ONCE']);
  const seen = preview(aDraft({}), knowing({ quote: old }));
  expect(seen.ok && seen.value).toMatchObject({ pricedAt: old.at, isStale: true });
  const fresh = preview(aDraft(market), knowing({}));
  expect(fresh.ok && fresh.value).toMatchObject({ isStale: false });
  const unknown = preview(aDraft({}), knowing({ quote: null }));
  expect(unknown.ok && unknown.value).toMatchObject({ pricedAt: null, isStale: false });
  // The TAF pauses from 2026-10-01 on: asked for on the evening before, it is not charged.
  const many = { ...sale, quantity: dec('1000'), limitPrice: dec('60.00') };
  const evening = { now: new Date('2026-09-30T22:00:00Z') };
  const morning = { now: new Date('2026-09-30T15:00:00Z') };
  expect([shown(many, morning)['fees'], shown(many, evening)['fees']]).toEqual(['21.44', '21.24']);
});

test('fees that take all that a sale brings are told', () => {
  const tiny = { ...sale, quantity: dec('0.01'), limitPrice: dec('1.00') };
  const quote = aQuote({ bid: dec('1.00'), ask: dec('1.00'), last: dec('1.00') });
  expect(shown(tiny, { quote })).toMatchObject({
    total: '0',
    warnings: ['LIMIT_TRADES_AT_ONCE', 'FEES_TAKE_PROCEEDS'],
  });
});

test('whatever placing refuses a preview refuses alike, and holds what placing holds', () => {
  const drafts: readonly Partial<Draft>[] = [
    {},
    market,
    { quantity: null },
    { limitPrice: dec('50.005') },
    { timeInForce: 'IOC', quantity: dec('0.5') },
    { type: 'STOP', limitPrice: null, stopPrice: dec('60.00') },
  ];
  const known: readonly Partial<Knowledge>[] = [
    {},
    { asset: null },
    { quote: null },
    { now: weekend },
    { plan: 'zero' },
    { account: anAccount({ status: 'LIMITED' }) },
  ];
  for (const draft of drafts) {
    for (const change of known) {
      const asked = place(aDraft(draft), knowing(change));
      const seen = preview(aDraft(draft), knowing(change));
      const placed = asked.ok ? asked.value.holdAmount?.toFixed() : asked.error;
      expect(seen.ok ? seen.value.hold.toFixed() : seen.error).toBe(placed);
    }
  }
});
