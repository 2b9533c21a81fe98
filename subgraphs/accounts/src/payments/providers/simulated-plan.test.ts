import { Decimal } from '@simplebank/kernel/decimal';
import { money } from '@simplebank/kernel/money';
import { expect, test } from 'vitest';
import type { PaymentOrder } from '../provider.ts';
import { planFor, type SimulatedBehaviour } from './simulated-plan.ts';

const now = new Date('2026-11-20T15:00:00.000Z');
const quiet: SimulatedBehaviour = {
  ...{ seed: 'seed', delayMs: 300, returnDelayMs: 2_000, refusePercent: 0, returnPercent: 0 },
  ...{ repeatPercent: 0, reorderPercent: 0, silentPercent: 0 },
};
const order = (paymentId: string, amount = '10.00', reference: string | null = null) =>
  ({
    ...{ paymentId, kind: 'DEPOSIT', reference, submittedAt: now },
    amount: money(new Decimal(amount), 'USD'),
  }) satisfies PaymentOrder;
const ids = Array.from({ length: 1_000 }, (_, index) => `payment-${index}`);

const toldMs = (given: PaymentOrder, behaviour: Partial<SimulatedBehaviour> = {}) =>
  planFor(given, { ...quiet, ...behaviour }, now).told.map(({ kind, dueAt }) => [
    kind,
    dueAt.getTime() - now.getTime(),
  ]);

test('confirms after its delay unless told otherwise', () => {
  expect(toldMs(order('a'))).toEqual([['CONFIRMED', 300]]);
  expect(toldMs(order('a', '5.99', 'FAIL'))).toEqual([['REFUSED', 300]]);
  expect(toldMs(order('a', '5.98', 'FAIL'))).toEqual([['CONFIRMED', 300]]);
  expect(toldMs(order('a', '5.99', 'RETURN'))).toEqual([
    ['CONFIRMED', 300],
    ['RETURNED', 2_300],
  ]);
});

test('the same seed has the same story, another seed another', () => {
  const mean = { returnPercent: 50, reorderPercent: 50, repeatPercent: 50, silentPercent: 10 };
  const story = (seed: string) =>
    ids.map((id) => planFor(order(id), { ...quiet, ...mean, seed }, now));
  expect(story('one')).toEqual(story('one'));
  expect(story('one')).not.toEqual(story('two'));
});

test('so many of a hundred are refused, returned, repeated, late and never told', () => {
  const share = (behaviour: Partial<SimulatedBehaviour>, holds: (told: unknown[][]) => boolean) =>
    ids.filter((id) => holds(toldMs(order(id), behaviour))).length / ids.length;
  const near = (value: number) => expect(Math.abs(value - 0.3)).toBeLessThan(0.05);
  near(share({ refusePercent: 30 }, (told) => told[0]?.[0] === 'REFUSED'));
  near(share({ returnPercent: 30 }, (told) => told[1]?.[0] === 'RETURNED'));
  near(share({ repeatPercent: 30 }, (told) => told.length === 2));
  near(share({ silentPercent: 30 }, (told) => told.length === 0));
  near(share({ reorderPercent: 30 }, (told) => Number(told[0]?.[1]) > 2_300));
});

test('a repeat has the id of its notice', () => {
  const { told } = planFor(order('a'), { ...quiet, repeatPercent: 100 }, now);
  expect(new Set(told.map(({ noticeId }) => noticeId)).size).toBe(1);
  expect(told).toHaveLength(2);
});
