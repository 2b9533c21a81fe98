import { Decimal } from '@simplebank/kernel/decimal';
import { expect, test } from 'vitest';
import {
  type Booked,
  type BookedEntry,
  type BookedKind,
  movedOf,
  partsLeft,
  reversalOf,
  reversalRules,
} from './reversal.ts';

const entry = (account: BookedEntry['account'], amount: string): BookedEntry => ({
  ...{ account, amount: new Decimal(amount), currency: 'USD' },
  accountId: account === 'cash' || account === 'debt' ? 'account-1' : null,
});
const paidFor = [entry('cash', '-11'), entry('clearing', '10'), entry('commission', '1')];
const booked = (kind: BookedKind, more: Partial<Booked> = {}): Booked => ({
  ...{ id: 't', kind, reference: 'r', at: new Date(0), orderId: null, executionId: null },
  ...{ paymentId: null, reversesId: null, reversedById: null, entries: paidFor },
  ...more,
});
const shown = (transaction: Booked, part: 'WHOLE' | 'COMMISSION') => {
  const decided = reversalOf(transaction, part);
  if (!decided.ok) return decided.error.code;
  const houses = decided.value.houses.map(({ house, amount }) => [house, amount.toFixed()]);
  return { houses, customer: movedOf(decided.value).toFixed() };
};

test('every kind says what of it may be reversed, and why nothing else', () => {
  const parts = Object.entries(reversalRules).map(([kind, rule]) => [kind, rule.parts.join()]);
  expect(Object.fromEntries(parts)).toEqual({
    ...{ DEPOSIT: '', WITHDRAWAL: '', RETURN: '', SETTLEMENT: '', DIVIDEND: '' },
    ...{ DEBT: '', DEBT_REPAID: '' },
    ...{ BUY: 'COMMISSION', SALE: 'COMMISSION', CORRECTION: 'WHOLE' },
  });
  for (const { why } of Object.values(reversalRules)) expect(why).toMatch(/^[A-Z].{20,}\.$/);
});

test('a commission goes back from its house to the customer, and nothing else moves', () => {
  expect(shown(booked('BUY'), 'COMMISSION')).toEqual({
    ...{ houses: [['commission', '-1']], customer: '1' },
  });
});

test('a correction is turned round as a whole, debt and cash alike', () => {
  const entries = [entry('cash', '-4'), entry('debt', '-6'), entry('error', '10')];
  expect(shown(booked('CORRECTION', { entries }), 'WHOLE')).toEqual({
    ...{ houses: [['error', '-10']], customer: '10' },
  });
});

test.each<[string, Booked, 'WHOLE' | 'COMMISSION', string]>([
  ['a trade as a whole', booked('SALE'), 'WHOLE', 'NOT_REVERSIBLE'],
  ['a reversal', booked('CORRECTION', { reversesId: 'x' }), 'WHOLE', 'NOT_REVERSIBLE'],
  ['what is reversed', booked('BUY', { reversedById: 'x' }), 'COMMISSION', 'ALREADY_REVERSED'],
  [
    'a trade without commission',
    booked('BUY', { entries: [entry('cash', '-1'), entry('clearing', '1')] }),
    ...(['COMMISSION', 'NOT_REVERSIBLE'] as const),
  ],
  [
    'a trade that the house paid for',
    booked('BUY', { entries: [entry('error', '-11'), ...paidFor.slice(1)] }),
    ...(['COMMISSION', 'NOT_REVERSIBLE'] as const),
  ],
  [
    'a correction between two customers',
    booked('CORRECTION', { entries: [...paidFor, { ...entry('cash', '1'), accountId: 'b' }] }),
    ...(['WHOLE', 'NOT_REVERSIBLE'] as const),
  ],
  [
    'a correction between cash and debt',
    booked('CORRECTION', { entries: [entry('cash', '-1'), entry('debt', '1')] }),
    ...(['WHOLE', 'NOT_REVERSIBLE'] as const),
  ],
])('%s is not reversed', (...[, transaction, part, code]) => {
  expect(shown(transaction, part)).toBe(code);
  expect(partsLeft(transaction)).not.toContain(part);
});
