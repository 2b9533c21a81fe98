import { Decimal, sum } from '@simplebank/kernel/decimal';
import type { AccountId, AssetId, OrderId } from '@simplebank/kernel/ids';
import { expect, test } from 'vitest';
import { type Lot, openLot, type Sale, sellFifo } from './lot.ts';

/** What and for how much, as `quantity value fee`. */
const buy = (date: string, terms: string): Lot => {
  const [quantity = '0', value = '0', fee = '0'] = terms.split(' ');
  return openLot(
    {
      orderId: `order ${date}` as OrderId,
      executionId: date,
      accountId: 'account' as AccountId,
      assetId: 'asset' as AssetId,
      side: 'BUY',
      currency: 'USD',
      quantity: new Decimal(quantity),
      value: new Decimal(value),
      fee: new Decimal(fee),
      ordinal: 1,
      late: false,
      executedAt: new Date(`${date}T15:00:00Z`),
      tradeDate: date,
      settlementDate: date,
    },
    `lot ${date}`,
  );
};

const sale = (soldOn: string, terms: string): Sale => {
  const [quantity = '0', proceeds = '0', fee = '0'] = terms.split(' ');
  return {
    orderId: 'sale' as OrderId,
    executionId: 'sale',
    at: new Date(`${soldOn}T15:00:00Z`),
    soldOn,
    currency: 'USD',
    quantity: new Decimal(quantity),
    proceeds: new Decimal(proceeds),
    fee: new Decimal(fee),
  };
};

const rest = (lots: readonly Lot[]) =>
  lots.map(({ id, remaining, remainingCost, remainingFee }) =>
    [id, remaining.toFixed(), remainingCost.toFixed(), remainingFee.toFixed()].join(' '),
  );

test('ten at 100 and ten at 120, fifteen sold at 130: the gain that beancount states', () => {
  const lots = [buy('2024-01-02', '10 1000'), buy('2024-02-02', '10 1200')];
  const sold = sellFifo(lots, sale('2024-03-04', '15 1950'));
  expect(sum(sold.matches.map(({ cost }) => cost)).toFixed()).toBe('1600');
  expect(sum(sold.matches.map(({ netGain }) => netGain)).toFixed()).toBe('350');
  expect(sold.matches.map(({ term }) => term)).toEqual(['SHORT', 'SHORT']);
  expect(rest(sold.lots)).toEqual(['lot 2024-01-02 0 0 0', 'lot 2024-02-02 5 600 0']);
});

test('fractions with fees: costs, gains and terms of the reference case', () => {
  const lots = [buy('2024-03-01', '1.5 15.02 0.02'), buy('2024-03-15', '2.25 22.48 0.02')];
  const { lots: left, matches } = sellFifo(lots, sale('2025-03-03', '2 24.68 0.05'));
  expect(matches.map((m) => `${m.term} ${m.grossGain} ${m.netGain}`)).toEqual([
    'LONG 3.49 3.43',
    'SHORT 1.17 1.16',
  ]);
  expect(rest(left)).toEqual(['lot 2024-03-01 0 0 0', 'lot 2024-03-15 1.75 17.48 0.02']);
});

test.each([
  ['2024-03-01', '2025-03-01', 'SHORT'],
  ['2024-03-01', '2025-03-02', 'LONG'],
  ['2024-02-29', '2025-02-28', 'SHORT'],
  ['2024-02-29', '2025-03-01', 'LONG'],
])('bought %s, sold %s: %s term', (bought, soldOn, term) => {
  const { matches } = sellFifo([buy(bought, '1 10')], sale(soldOn, '1 12'));
  expect(matches.map((match) => match.term)).toEqual([term]);
});

test('the take that empties a lot takes every cent that is left', () => {
  let lots: readonly Lot[] = [buy('2024-01-02', '3 10.00 0.01')];
  const costs: string[] = [];
  for (const day of ['03', '04', '05']) {
    const sold = sellFifo(lots, sale(`2024-01-${day}`, '1 4.00'));
    lots = sold.lots;
    costs.push(...sold.matches.map(({ cost }) => cost.toFixed()));
  }
  expect(costs).toEqual(['3.33', '3.34', '3.33']);
  expect(rest(lots)).toEqual(['lot 2024-01-02 0 0 0']);
});

test('selling more than the lots hold is a bug and says which sale', () => {
  const lots = [buy('2024-01-02', '1 10')];
  expect(() => sellFifo(lots, sale('2024-03-04', '2 20'))).toThrow(/lack 1 .* order sale/);
});

test('the odd cent goes to the same lot, whatever ids the lots were given', () => {
  const gains = (ids: readonly string[]) => {
    const bought = [buy('2026-01-01', '1 100'), buy('2026-01-02', '1 100')];
    const lots = bought.map((lot, index) => ({ ...lot, id: ids[index] ?? '' }));
    return sellFifo(lots, sale('2026-02-01', '2 200.01')).matches.map(({ grossGain }) =>
      grossGain.toFixed(),
    );
  };
  expect(gains(['a', 'b'])).toEqual(gains(['b', 'a']));
});
