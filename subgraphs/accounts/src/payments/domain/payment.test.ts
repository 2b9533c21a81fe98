import { Decimal } from '@simplebank/kernel/decimal';
import { expect, test } from 'vitest';
import { nextCallAt, overdueAt, paymentAmount } from './payment.ts';

const createdAt = new Date('2026-11-20T15:00:00.000Z');
const submittedAt = new Date('2026-11-20T15:00:01.000Z');
const seconds = (count: number) => new Date(submittedAt.getTime() + count * 1_000);
const day = 86_400;
const deposit = { kind: 'DEPOSIT', createdAt, submittedAt, acknowledgedAt: submittedAt } as const;
const withdrawal = { ...deposit, kind: 'WITHDRAWAL' } as const;

test.each([
  ['0', 'AMOUNT_NOT_POSITIVE'],
  ['-0.01', 'AMOUNT_NOT_POSITIVE'],
  ['0.001', 'AMOUNT_PRECISION'],
  ['0.01', 'ok'],
  ['1000000', 'ok'],
  ['1000000.01', 'AMOUNT_ABOVE_LIMIT'],
])('an amount of %s is %s', (text, outcome) => {
  const checked = paymentAmount(new Decimal(text), 'USD');
  expect(checked.ok ? 'ok' : checked.error.code).toBe(outcome);
});

test('a deposit is overdue 7 days after it was sent, a withdrawal 14 after its hold began', () => {
  expect(overdueAt(deposit)).toEqual(seconds(7 * day));
  expect(overdueAt(withdrawal)).toEqual(new Date(createdAt.getTime() + 14 * day * 1_000));
});

test('the provider is asked less often the longer a payment takes, and when it is overdue', () => {
  const pauses = [0, 5, 60, 3_600, day, 7 * day - 60, 7 * day, 8 * day].map((age) => {
    const now = seconds(age);
    return (nextCallAt(deposit, now).getTime() - now.getTime()) / 1_000;
  });
  expect(pauses).toEqual([5, 5, 60, 3_600, 3_600, 60, 3_600, 3_600]);
});

test('a payment that the provider may not have is sent again every 5 seconds', () => {
  const unsure = { ...deposit, acknowledgedAt: null };
  expect(nextCallAt(unsure, seconds(day))).toEqual(seconds(day + 5));
});
