import { Decimal } from '@simplebank/kernel/decimal';
import { marketHours } from '@simplebank/kernel/market-hours';
import { describe, expect, test } from 'vitest';
import { aDraft, anAccount, anAsset, aQuote, knowing, weekend } from '../../test/builders.ts';
import type { Draft } from './draft.ts';
import { type Knowledge, place } from './placement.ts';

const dec = (text: string) => new Decimal(text);
const market = { type: 'MARKET', limitPrice: null } as const;
const byAmount = (amount: string) => ({ ...market, quantity: null, amount: dec(amount) });

type Case = readonly [code: string, draft: Partial<Draft>, known?: Partial<Knowledge>];
const refused: readonly Case[] = [
  ['QUANTITY_OR_AMOUNT', { quantity: null }],
  ['QUANTITY_OR_AMOUNT', { amount: dec('5') }],
  ['QUANTITY_OR_AMOUNT', { ...byAmount('5.00'), side: 'SELL' }],
  ['QUANTITY_NOT_POSITIVE', { quantity: dec('0') }],
  ['QUANTITY_NOT_POSITIVE', { quantity: dec('-1') }],
  ['QUANTITY_PRECISION', { quantity: dec('0.0000000001') }],
  ['AMOUNT_PRECISION', byAmount('5.001')],
  ['AMOUNT_BELOW_MINIMUM', byAmount('0.99')],
  ['AMOUNT_BELOW_MINIMUM', byAmount('-5.00')],
  ['PRICE_REQUIRED', { limitPrice: null }],
  ['PRICE_NOT_ALLOWED', { type: 'MARKET' }],
  ['PRICE_NOT_POSITIVE', { limitPrice: dec('0') }],
  ['PRICE_OFF_TICK', { limitPrice: dec('50.001') }],
  ['TIME_IN_FORCE_NOT_ALLOWED', { timeInForce: 'GTC', quantity: dec('1.5') }],
  ['TIME_IN_FORCE_NOT_ALLOWED', { timeInForce: 'GTC', ...byAmount('5.00') }],
  ['ACCOUNT_STATUS', {}, { account: anAccount({ status: 'FROZEN' }) }],
  ['ACCOUNT_STATUS', {}, { account: anAccount({ status: 'LIMITED' }) }],
  ['ACCOUNT_STATUS', { side: 'SELL' }, { account: anAccount({ status: 'CLOSED' }) }],
  ['ASSET_NOT_TRADABLE', {}, { asset: null, quote: null }],
  ['ASSET_NOT_TRADABLE', {}, { asset: anAsset({ state: 'DELISTED' }) }],
  ['ASSET_NOT_TRADABLE', {}, { asset: anAsset({ type: 'CASH' }) }],
  ['ASSET_HALTED', {}, { asset: anAsset({ state: 'HALTED' }) }],
  ['ASSET_SELL_ONLY', {}, { asset: anAsset({ state: 'SELL_ONLY' }) }],
  ['CURRENCY_MISMATCH', {}, { asset: anAsset({ currency: 'EUR' }) }],
  ['NOT_FRACTIONABLE', { quantity: dec('1.5') }, { asset: anAsset({ fractionable: false }) }],
  ['NOT_FRACTIONABLE', byAmount('5.00'), { asset: anAsset({ fractionable: false }) }],
  ['PRICE_UNAVAILABLE', market, { quote: null }],
  ['PRICE_UNAVAILABLE', market, { quote: aQuote({ at: new Date('2026-07-15T14:14:00Z') }) }],
  ['ORDER_TOO_LARGE', { quantity: dec('200001') }],
  ['ORDER_TOO_LARGE', { quantity: dec('0.000000001'), limitPrice: dec('1000000.01') }],
  ['ORDER_TOO_LARGE', byAmount('10000000.01')],
  ['CALENDAR_UNKNOWN', {}, { now: new Date('1997-12-31T15:00:00.000Z') }],
  ['CALENDAR_UNKNOWN', { timeInForce: 'IOC' }, { now: new Date('2029-01-02T15:00:00.000Z') }],
  // It would trade on the last day that is known and settle on one that is not.
  ['CALENDAR_UNKNOWN', {}, { now: new Date('2028-12-29T15:00:00.000Z') }],
  ['CALENDAR_UNKNOWN', { timeInForce: 'GTC' }, { now: new Date('2028-10-02T15:00:00.000Z') }],
];

describe('an order that may not be placed is refused with its code', () => {
  const cases = refused.map(([code, draft, known]) => ({ code, draft, known }));
  test.each(cases)('$code %#', ({ code, draft, known }) => {
    expect(place(aDraft(draft), knowing(known))).toEqual({ ok: false, error: code });
  });
});

const placed = (draft: Partial<Draft>, known: Partial<Knowledge> = {}) => {
  const result = place(aDraft(draft), knowing(known));
  if (!result.ok) throw new Error(result.error);
  const { venuePrice, tradeValue, holdAmount, expiresAt } = result.value;
  return {
    venuePrice: venuePrice.toFixed(2),
    tradeValue: tradeValue?.toFixed(2) ?? null,
    holdAmount: holdAmount?.toFixed(2) ?? null,
    expiresAt: expiresAt.toISOString(),
  };
};
test('an order that settles on the last day of the calendar may be placed', () => {
  const now = new Date('2028-12-28T15:00:00.000Z');
  expect(placed({}, { now }).expiresAt).toBe('2028-12-28T21:00:00.000Z');
  for (const calendar of ['nyse', 'always'] as const) {
    const known = { now: new Date('2028-09-01T15:00:00.000Z'), hours: marketHours(calendar) };
    expect(placed({ timeInForce: 'GTC' }, known).expiresAt).toBe('2028-11-30T15:00:00.000Z');
  }
});

const thisClose = '2026-07-15T20:00:00.000Z';

test('a limit buy holds its quantity at the limit and the commission on that', () => {
  expect(placed({})).toEqual({
    venuePrice: '50.00',
    tradeValue: null,
    holdAmount: '500.50',
    expiresAt: thisClose,
  });
});

test('a market buy goes to the venue, and is held for, at the collar', () => {
  expect(placed(market)).toEqual({
    venuePrice: '52.00',
    tradeValue: null,
    holdAmount: '520.52',
    expiresAt: thisClose,
  });
});

test('a buy by amount holds the amount, commission inside', () => {
  expect(placed(byAmount('200.00'))).toEqual({
    venuePrice: '52.00',
    tradeValue: '199.80',
    holdAmount: '200.00',
    expiresAt: thisClose,
  });
});

test('a sale holds no money, and a limited or closing account may still sell', () => {
  const sale = { side: 'SELL', ...market } as const;
  const expected = {
    venuePrice: '48.00',
    tradeValue: null,
    holdAmount: null,
    expiresAt: thisClose,
  };
  for (const status of ['ACTIVE', 'LIMITED', 'CLOSING']) {
    expect(placed(sale, { account: anAccount({ status }) })).toEqual(expected);
  }
});

test('an order of the weekend is good for the next trading day, with the price known then', () => {
  const known = { now: weekend };
  expect(placed(market, known).expiresAt).toBe('2026-07-20T20:00:00.000Z');
  expect(placed({ timeInForce: 'GTC' }, known).expiresAt).toBe('2026-10-16T14:30:00.000Z');
  const { expiresAt } = placed({}, { ...known, hours: marketHours('always') });
  expect(expiresAt).toBe('2026-07-20T20:00:00.000Z');
});
