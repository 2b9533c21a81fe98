import { Decimal, zero } from '@simplebank/kernel/decimal';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  decideBuy,
  decideHold,
  holdToEnd,
  noteEnd,
  type OrderBooking,
  unknownOrder,
} from './order-booking.ts';

const ask = {
  amount: new Decimal(50),
  available: new Decimal(50),
  mayBuy: true,
  newHoldId: 'hold-1',
};
const order = unknownOrder('order-1', 'account-1');
const held = decideHold(order, ask).booking;

describe('the wish for money', () => {
  test('is granted when exactly enough is available', () => {
    expect(decideHold(order, ask)).toEqual({
      kind: 'HOLD',
      booking: {
        ...order,
        state: 'HELD',
        hold: { id: 'hold-1', amount: ask.amount, captured: new Decimal(0), ended: false },
      },
    });
  });

  test('is refused for a cent too little, and before that for the state of the account', () => {
    const poor = { ...ask, available: new Decimal('49.99') };
    const booking = { ...order, state: 'REFUSED' };
    expect([decideHold(order, poor), decideHold(order, { ...poor, mayBuy: false })]).toEqual([
      { kind: 'REFUSE', code: 'INSUFFICIENT_FUNDS', booking },
      { kind: 'REFUSE', code: 'ACCOUNT_STATUS', booking },
    ]);
  });

  test('is answered once', () => {
    expect(decideHold(held, ask)).toEqual({ kind: 'NOTHING', booking: held });
  });

  test('of an order that ended without executions is not granted', () => {
    const ended = noteEnd(order, { executions: 0, version: 3 });
    expect(decideHold(ended, ask)).toEqual({
      kind: 'NOTHING',
      booking: { ...ended, state: 'NEVER_HELD' },
    });
  });

  test('of an order whose executions are still to come is granted though it has ended', () => {
    const ended = noteEnd(order, { executions: 1, version: 3 });
    expect(decideHold(ended, ask).kind).toBe('HOLD');
  });

  test('of nothing is a bug of the asker', () => {
    expect(() => decideHold(order, { ...ask, amount: new Decimal(0) })).toThrow('asks to hold 0');
  });
});

describe('an execution', () => {
  const fill = (cost: string, available = '0') => ({
    nth: 1,
    cost: new Decimal(cost),
    available: new Decimal(available),
  });

  test('waits for its order', () => {
    expect(decideBuy(order, fill('1'))).toEqual({ kind: 'NOT_YET' });
  });

  test('beyond the hold, or of an order that was refused, is an exception', () => {
    const refused: OrderBooking = { ...order, state: 'REFUSED' };
    expect([decideBuy(held, fill('50.01')), decideBuy(refused, fill('1'))]).toEqual([
      { kind: 'EXCEPTION', code: 'BEYOND_HOLD' },
      { kind: 'EXCEPTION', code: 'NO_HOLD' },
    ]);
  });

  test('after the end of the hold is paid from what is available, and the rest is owed', () => {
    const never: OrderBooking = { ...order, state: 'NEVER_HELD' };
    const late = decideBuy(never, fill('30', '12.5'));
    expect(late).toEqual({
      kind: 'LATE',
      booking: { ...never, booked: 1 },
      covered: new Decimal('12.5'),
      debt: new Decimal('17.5'),
    });
  });
});

test('an older end changes nothing, whichever comes first', () => {
  const early = { executions: 0, version: 4 };
  const late = { executions: 1, version: 6 };
  expect(noteEnd(noteEnd(order, early), late)).toEqual(noteEnd(noteEnd(order, late), early));
});

test('the hold ends exactly when all executions until its end are booked, in any order', () => {
  const told = fc.record({
    costs: fc.array(fc.integer({ min: 0, max: 1000 }), { maxLength: 8 }),
    endsAfter: fc.nat(8),
    late: fc.nat(2),
    keys: fc.array(fc.nat(), { minLength: 8, maxLength: 8 }),
  });
  const property = fc.property(told, ({ costs, endsAfter, late, keys }) => {
    const ends = { executions: Math.max(0, costs.length - late), version: 9 };
    const amount = new Decimal(costs.reduce((sum, cost) => sum + cost, 1));
    const asked = { ...ask, amount, available: amount };
    let booking = decideHold(order, asked).booking;
    const missing = new Set(costs.map((_, index) => index + 1));
    const shuffled = [...missing]
      .map((nth) => ({ nth, key: keys[nth - 1] ?? 0 }))
      .sort((one, other) => one.key - other.key);
    for (const [step, { nth }] of shuffled.entries()) {
      if (step === endsAfter) booking = noteEnd(booking, ends);
      const isWhole = [...missing].every((one) => one > ends.executions);
      expect(holdToEnd(booking) !== null).toBe(booking.end !== null && isWhole);
      if (holdToEnd(booking)) return;
      const cost = new Decimal(costs[nth - 1] ?? 0);
      const decision = decideBuy(booking, { nth, cost, available: zero });
      if (decision.kind !== 'CAPTURE') throw new Error(decision.kind);
      booking = decision.booking;
      missing.delete(nth);
    }
    expect(holdToEnd(noteEnd(booking, ends))).not.toBeNull();
  });
  fc.assert(property, { numRuns: 1_000 });
});

test('a late fill that overtakes an earlier one does not give the hold back before it', () => {
  const cost = new Decimal(1);
  let booking = noteEnd(held, { executions: 3, version: 5 });
  for (const nth of [2, 3, 4]) {
    const decision = decideBuy(booking, { nth, cost, available: zero });
    if (decision.kind !== 'CAPTURE') throw new Error(decision.kind);
    booking = decision.booking;
    expect(holdToEnd(booking)).toBeNull();
  }
  const last = decideBuy(booking, { nth: 1, cost, available: zero });
  expect(last.kind).toBe('CAPTURE');
  expect('booking' in last && holdToEnd(last.booking)).toBeTruthy();
});
