import { Decimal } from '@simplebank/kernel/decimal';
import { expect, test } from 'vitest';
import { rebased } from './rebase.ts';

test.each([
  ['2 for 1', '3', '0', '0', '6'],
  ['4 for 1', '3', '1', '0', '9'],
  ['1 for 3', '4', '1', '0', '2'],
  // Traded on the ex-date before it was told: these were new shares.
  ['4 for 1', '3', '1', '1', '12'],
  ['4 for 1', '3', '2', '1', '9'],
  ['1 for 3', '2', '0', '0', 'ended'],
  ['1 for 3', '3', '1', '1', 'ended'],
  ['7 for 1', '0.5', '0.25', '0', '2'],
])('%s: %s ordered, %s filled, %s of it since: %s', (...row) => {
  const [ratio, ordered, filled, since, expected] = row;
  const [numerator = 1, denominator = 1] = ratio.split(' for ').map(Number);
  const [quantity, filledQuantity] = [new Decimal(ordered), new Decimal(filled)];
  const order = { quantity, filledQuantity, timeInForce: 'GTC' };
  const after = rebased(order, new Decimal(since), { numerator, denominator });
  expect(after.kind === 'REPLACED' ? after.quantity?.toFixed() : 'ended').toBe(expected);
});

test('an order of the day keeps parts of a share', () => {
  const order = { quantity: new Decimal(4), filledQuantity: new Decimal(1), timeInForce: 'DAY' };
  const after = rebased(order, new Decimal(0), { numerator: 1, denominator: 2 });
  expect(after).toEqual({ kind: 'REPLACED', quantity: new Decimal('2.5') });
});

test('an order by value has no quantity to change', () => {
  const order = { quantity: null, filledQuantity: new Decimal(1), timeInForce: 'DAY' };
  const split = { numerator: 2, denominator: 1 };
  expect(rebased(order, new Decimal(0), split)).toEqual({ kind: 'REPLACED', quantity: null });
});
