import { Decimal, sum } from '@simplebank/kernel/decimal';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Balances } from './balances.ts';
import { availableOf, withdrawableOf } from './balances.ts';
import {
  buyLegs,
  debtRepaidLegs,
  depositLegs,
  type Leg,
  saleLegs,
  settlementLegs,
  withdrawalLegs,
} from './transaction.ts';

const account: Balances = {
  accountId: 'account-1',
  currency: 'USD',
  cashId: 1n,
  debtId: 2n,
  posted: new Decimal(100),
  held: new Decimal(30),
  unsettled: new Decimal(20),
  owed: new Decimal(0),
};
const shown = (legs: readonly Leg[]) =>
  legs.map(({ house, ledgerAccountId, amount }) => [
    house ?? (ledgerAccountId === 1n ? 'cash' : 'debt'),
    amount.toFixed(),
  ]);
const d = (text: string) => new Decimal(text);
const fees = { commission: d('1'), sec: d('0.03'), taf: d('0.02') };
const none = { commission: d('0'), sec: d('0'), taf: d('0') };

describe('the entries of each fact are those of domain 2.5', () => {
  test.each([
    [
      'deposit',
      depositLegs(account, d('5')),
      [
        ['cash', '5'],
        ['bank', '-5'],
      ],
    ],
    [
      'withdrawal',
      withdrawalLegs(account, d('5')),
      [
        ['cash', '-5'],
        ['bank', '5'],
      ],
    ],
    [
      'debt repaid',
      debtRepaidLegs(account, d('5')),
      [
        ['cash', '-5'],
        ['debt', '5'],
      ],
    ],
    [
      'buy',
      buyLegs(account, { value: d('10'), fees: { ...none, commission: d('1') }, debt: d('0') }),
      [
        ['cash', '-11'],
        ['clearing', '10'],
        ['commission', '1'],
      ],
    ],
    [
      'buy with debt',
      buyLegs(account, { value: d('10'), fees: none, debt: d('4') }),
      [
        ['cash', '-6'],
        ['debt', '-4'],
        ['clearing', '10'],
      ],
    ],
    [
      'sale',
      saleLegs(account, { value: d('10'), fees, debt: d('0') }),
      [
        ['cash', '8.95'],
        ['clearing', '-10'],
        ['commission', '1'],
        ['sec-fee', '0.03'],
        ['taf-fee', '0.02'],
      ],
    ],
    [
      'settlement of a buy',
      settlementLegs('BUY', d('10')),
      [
        ['clearing', '-10'],
        ['bank', '10'],
      ],
    ],
    [
      'settlement of a sale',
      settlementLegs('SELL', d('10')),
      [
        ['clearing', '10'],
        ['bank', '-10'],
      ],
    ],
  ])('%s', (_, legs, expected) => {
    expect(shown(legs)).toEqual(expected);
  });
});

test('whatever is traded, entries sum to zero and none is zero', () => {
  const cash = fc.integer({ min: 0, max: 10_000_000 }).map((n) => new Decimal(n).div(100));
  const trade = fc.record({ value: cash, commission: cash, sec: cash, taf: cash, debt: cash });
  fc.assert(
    fc.property(trade, ({ value, debt, ...charged }) => {
      for (const legs of [
        buyLegs(account, { value, fees: charged, debt }),
        saleLegs(account, { value, fees: charged, debt }),
      ]) {
        expect(sum(legs.map(({ amount }) => amount)).isZero()).toBe(true);
        expect(legs.some(({ amount }) => amount.isZero())).toBe(false);
      }
    }),
    { numRuns: 1_000 },
  );
});

test('unsettled money may buy but not leave, and what may leave is never negative', () => {
  expect([availableOf(account).toFixed(), withdrawableOf(account).toFixed()]).toEqual(['70', '50']);
  expect(withdrawableOf({ ...account, unsettled: d('80') }).toFixed()).toBe('0');
});
