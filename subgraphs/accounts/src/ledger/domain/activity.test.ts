import { Decimal, sum, zero } from '@simplebank/kernel/decimal';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { activitiesOf } from './activity.ts';
import { availableOf, type Balances } from './balances.ts';
import { repayDebt } from './repay.ts';
import {
  buyLegs,
  correctionLegs,
  debtRepaidLegs,
  depositLegs,
  houseBuyLegs,
  type Leg,
  saleLegs,
  settlementLegs,
  type Transaction,
  takenLegs,
  withdrawalLegs,
} from './transaction.ts';

const runs = { numRuns: 1_000 };
const cents = (max: number, min = 0) =>
  fc.integer({ min, max }).map((value) => new Decimal(value).div(100));
const fees = fc.record({ commission: cents(500), sec: cents(50), taf: cents(979) });

const account: Balances = {
  ...{ accountId: 'account-1', currency: 'USD', cashId: 1n, debtId: 2n },
  ...{ posted: zero, held: zero, unsettled: zero, owed: zero },
};
const header: Omit<Transaction, 'kind' | 'legs'> = {
  ...{ id: 'transaction-1', reference: 'r', at: new Date(0), currency: 'USD' },
  ...{ orderId: null, executionId: null, paymentId: null },
};

type Kind = Transaction['kind'];
const booked = fc
  .record({ value: cents(100_000, 1), fees, part: cents(100) })
  .chain(({ value, fees: paid, part }) => {
    const debt = Decimal.min(part, value);
    const trade = { value, fees: paid, debt };
    return fc.constantFrom<[Kind, Leg[]]>(
      ['BUY', buyLegs(account, trade)],
      ['SALE', saleLegs(account, trade)],
      ['DEPOSIT', depositLegs(account, value)],
      ['WITHDRAWAL', withdrawalLegs(account, value)],
      ['RETURN', takenLegs(account, { amount: value, debt })],
      ['DEBT_REPAID', debtRepaidLegs(account, value)],
      [
        'CORRECTION',
        correctionLegs(account, { houses: [{ house: 'error', amount: value }], debt }),
      ],
    );
  });

test('law 1: entries sum to zero, and what is told of them sums to what cash was moved by', () => {
  fc.assert(
    fc.property(booked, ([kind, legs]) => {
      const cash = legs.filter(({ customer }) => customer === 'cash').map(({ amount }) => amount);
      const told = activitiesOf({ ...header, kind, legs });
      expect(sum(legs.map(({ amount }) => amount)).toFixed()).toBe('0');
      expect(sum(told.map(({ amount }) => amount)).toFixed()).toBe(sum(cash).toFixed());
      expect(new Set(told.map((one) => one.kind)).size).toBe(told.length);
    }),
    runs,
  );
});

test('what only the house is part of is told to nobody', () => {
  const value = new Decimal(5);
  const none = { commission: zero, sec: zero, taf: zero };
  const legs = [settlementLegs('BUY', value), houseBuyLegs({ value, fees: none })];
  expect(legs.flatMap((own) => activitiesOf({ ...header, kind: 'BUY', legs: own }))).toEqual([]);
});

test('nobody owes while money lies free, and repaying moves nothing but cash and debt', () => {
  const state = fc.record({ available: cents(10_000), held: cents(10_000), owed: cents(10_000) });
  fc.assert(
    fc.property(state, ({ available, held, owed }) => {
      const before = { ...account, posted: available.plus(held), held, owed };
      const repaid = repayDebt(before, { ...header, by: 'x' });
      const after = repaid?.balances ?? before;
      expect(Decimal.min(availableOf(after), after.owed).toFixed()).toBe('0');
      expect(after.posted.minus(after.owed).toFixed()).toBe(
        before.posted.minus(before.owed).toFixed(),
      );
      expect(availableOf(after).isNegative() || after.owed.isNegative()).toBe(false);
    }),
    runs,
  );
});
