import { Decimal } from '@simplebank/kernel/decimal';
import { marketHours } from '@simplebank/kernel/market-hours';
import { describe, expect, test } from 'vitest';
import { aDraft, anAsset, aQuote, knowing, marketTime, weekend } from '../../test/builders.ts';
import type { Draft } from './draft.ts';
import type { OrderType, TimeInForce } from './order.ts';
import { type Knowledge, place } from './placement.ts';

const dec = (text: string) => new Decimal(text);
const stopAt = (text: string) =>
  ({ type: 'STOP', limitPrice: null, stopPrice: dec(text) }) as const;
const both = (stop: string, limit: string) =>
  ({ type: 'STOP_LIMIT', stopPrice: dec(stop), limitPrice: dec(limit) }) as const;

const reckoned = (draft: Partial<Draft>, known: Partial<Knowledge> = {}) => {
  const result = place(aDraft(draft), knowing(known));
  if (!result.ok) return result.error;
  const { venuePrice, holdAmount, stopPrice, expiresAt } = result.value;
  const hold = holdAmount?.toFixed(2) ?? null;
  return [venuePrice.toFixed(), hold, stopPrice?.toFixed() ?? null, expiresAt.toISOString()];
};
const thisClose = '2026-07-15T20:00:00.000Z';

describe('a stop goes to the venue with the collar from its stop', () => {
  test.each([
    ['BUY', '60.00', '62.4', '624.62'],
    ['BUY', '33.33', '34.66', '346.95'],
    ['SELL', '40.00', '38.4', null],
    ['SELL', '33.33', '32', null],
    ['BUY', '0.9999', '1.03', '10.31'],
    ['BUY', '0.0007', '0.0007', '0.02'],
    ['SELL', '0.0007', '0.0007', null],
    ['SELL', '1.03', '0.9888', null],
  ] as const)('%s at %s: %s, and holds %s', (...[side, stop, venuePrice, hold]) => {
    expect(reckoned({ ...stopAt(stop), side })).toEqual([
      venuePrice,
      hold,
      dec(stop).toFixed(),
      thisClose,
    ]);
  });

  test('whatever the market price is, and without one', () => {
    const expected = ['62.4', '624.62', '60', thisClose];
    expect(reckoned(stopAt('60.00'), { quote: null })).toEqual(expected);
    const old = aQuote({ at: new Date(marketTime.getTime() - 3_600_000) });
    expect(reckoned(stopAt('60.00'), { quote: old })).toEqual(expected);
    // The price has risen past it already: the stop triggers at once.
    expect(reckoned(stopAt('40.00'))).toEqual(['41.6', '416.42', '40', thisClose]);
  });
});

test('a stop-limit goes with its limit and holds at its limit, on either side of the stop', () => {
  expect(reckoned(both('60.00', '61.00'))).toEqual(['61', '610.61', '60', thisClose]);
  expect(reckoned(both('60.00', '59.00'))).toEqual(['59', '590.59', '60', thisClose]);
  expect(reckoned({ ...both('40.00', '39.00'), side: 'SELL' })).toEqual([
    '39',
    null,
    '40',
    thisClose,
  ]);
});

test('stops may be bought by amount and in parts of a share, for the day', () => {
  const byAmount = { quantity: null, amount: dec('200.00') };
  expect(reckoned({ ...stopAt('60.00'), ...byAmount })).toEqual([
    '62.4',
    '200.00',
    '60',
    thisClose,
  ]);
  expect(reckoned({ ...both('60.00', '61.00'), ...byAmount })[1]).toBe('200.00');
  expect(reckoned({ ...stopAt('60.00'), quantity: dec('0.000000001') })[1]).toBe('0.02');
});

describe('each type takes its prices and no others', () => {
  const prices = { none: null, given: dec('50.00') };
  const needs: Readonly<Record<OrderType, readonly [limit: boolean, stop: boolean]>> = {
    MARKET: [false, false],
    LIMIT: [true, false],
    STOP: [false, true],
    STOP_LIMIT: [true, true],
  };
  const flags = [true, false];
  const cases = Object.entries(needs).flatMap(([type, [limit, stop]]) =>
    flags.flatMap((hasLimit) =>
      flags.map((hasStop) => {
        const isMissing = (limit && !hasLimit) || (stop && !hasStop);
        const isTooMany = (!limit && hasLimit) || (!stop && hasStop);
        const refusal = isTooMany ? 'PRICE_NOT_ALLOWED' : 'placed';
        const expected = isMissing ? 'PRICE_REQUIRED' : refusal;
        return { type: type as OrderType, hasLimit, hasStop, expected };
      }),
    ),
  );

  test.each(cases)('$type, limit $hasLimit, stop $hasStop: $expected', (one) => {
    const limitPrice = one.hasLimit ? prices.given : prices.none;
    const stopPrice = one.hasStop ? prices.given : prices.none;
    const told = reckoned({ type: one.type, limitPrice, stopPrice });
    expect(Array.isArray(told) ? 'placed' : told).toBe(one.expected);
  });

  test.each([
    ['PRICE_NOT_POSITIVE', stopAt('0')],
    ['PRICE_NOT_POSITIVE', both('-1', '50')],
    ['PRICE_OFF_TICK', stopAt('50.005')],
    ['PRICE_OFF_TICK', stopAt('0.00005')],
    ['PRICE_OFF_TICK', both('50.00', '50.001')],
    ['PRICE_OFF_TICK', both('50.001', '50.00')],
    ['ORDER_TOO_LARGE', { ...stopAt('961538.48'), quantity: dec('1') }],
    ['ORDER_TOO_LARGE', { ...both('1000000.01', '1.00'), quantity: dec('1') }],
    ['ORDER_TOO_LARGE', { ...stopAt('50.00'), quantity: dec('192308') }],
  ])('%s %#', (code, draft) => {
    expect(reckoned(draft)).toBe(code);
  });
});

describe('times in force', () => {
  const stop = stopAt('60.00');
  const half = { quantity: dec('0.5') };
  const byAmount = { quantity: null, amount: dec('50.00') };
  const market = { type: 'MARKET', limitPrice: null } as const;
  const ninetyDays = '2026-10-13T14:30:00.000Z';
  const no = 'TIME_IN_FORCE_NOT_ALLOWED';

  test.each<readonly [TimeInForce, string, Partial<Draft>, string]>([
    ['DAY', 'parts of a share', half, thisClose],
    ['DAY', 'an amount', byAmount, thisClose],
    ['GTC', 'whole shares', {}, ninetyDays],
    ['GTC', 'a stop', stop, ninetyDays],
    ['GTC', 'parts of a share', half, no],
    ['GTC', 'an amount', byAmount, no],
    ['IOC', 'a limit', {}, thisClose],
    ['IOC', 'a market order', market, thisClose],
    ['IOC', 'parts of a share', half, no],
    ['IOC', 'an amount', byAmount, no],
    ['IOC', 'a stop', stop, no],
    ['FOK', 'a limit', {}, thisClose],
    ['FOK', 'a market order', market, thisClose],
    ['FOK', 'parts of a share', half, no],
    ['FOK', 'an amount', byAmount, no],
    ['FOK', 'a stop-limit', both('60.00', '61.00'), no],
  ])('%s with %s', (...[timeInForce, , draft, expected]) => {
    const told = reckoned({ ...draft, timeInForce });
    expect(Array.isArray(told) ? told[3] : told).toBe(expected);
  });

  test.each(['IOC', 'FOK'] as const)('%s is refused while the market is closed', (timeInForce) => {
    expect(reckoned({ timeInForce }, { now: weekend })).toBe(no);
    expect(reckoned({ timeInForce }, { now: new Date(thisClose) })).toBe(no);
    const always = { now: weekend, hours: marketHours('always') };
    expect(reckoned({ timeInForce }, always)[3]).toBe('2026-07-20T20:00:00.000Z');
    // Whatever else is wrong is told first: it stays wrong when the market opens.
    expect(reckoned({ timeInForce }, { now: weekend, asset: anAsset({ state: 'HALTED' }) })).toBe(
      'ASSET_HALTED',
    );
  });

  test('DAY ends at the close of the market, be it early or before a change of the clocks', () => {
    const end = (now: string, timeInForce: TimeInForce = 'DAY') =>
      reckoned({ timeInForce }, { now: new Date(now) })[3];
    // The day after Thanksgiving closes at 13:00, after which an order is for the Monday.
    expect(end('2026-11-27T15:00:00Z')).toBe('2026-11-27T18:00:00.000Z');
    expect(end('2026-11-27T18:00:00Z')).toBe('2026-11-30T21:00:00.000Z');
    // Friday, and the Monday after the clocks went forward, and after they went back.
    expect(end('2026-03-06T20:59:59Z')).toBe('2026-03-06T21:00:00.000Z');
    expect(end('2026-03-06T21:00:00Z')).toBe('2026-03-09T20:00:00.000Z');
    expect(end('2026-10-30T20:00:00Z')).toBe('2026-11-02T21:00:00.000Z');
    expect(end('2026-10-30T19:00:00Z', 'GTC')).toBe('2027-01-28T19:00:00.000Z');
  });
});
