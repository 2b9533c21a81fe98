import { Decimal, zero } from '@simplebank/kernel/decimal';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decideBuy, decideHold, holdToEnd, noteEnd, unknownOrder } from './order-booking.ts';

const cents = (max: number) =>
  fc.integer({ min: 0, max }).map((value) => new Decimal(value).div(100));
const told = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('FILL' as const), cost: cents(40_000) }),
    fc.record({ kind: fc.constant('END' as const), missing: fc.nat(2), version: fc.nat(6) }),
  ),
  { maxLength: 14 },
);

/** Domain §13 law 3, as accounts sees it: whatever is told, and however much of it is nonsense. */
test('law 3: released + captured = held, nothing is captured beyond it, and it ends once', () => {
  const property = fc.property(cents(100_000), told, cents(20_000), (amount, messages, cash) => {
    const asked = Decimal.max(amount, '0.01');
    const ask = { amount: asked, available: asked, mayBuy: true, newHoldId: 'hold' };
    let booking = decideHold(unknownOrder('order', 'account'), ask).booking;
    let [captured, late, released] = [zero, zero, null as Decimal | null];
    for (const message of messages) {
      if (message.kind === 'END') {
        const executions = booking.booked + message.missing;
        booking = noteEnd(booking, { executions, version: message.version });
      } else {
        const decision = decideBuy(booking, {
          ...{ nth: null, cost: message.cost, available: cash },
        });
        expect(decision.kind === 'LATE').toBe(released !== null);
        if (decision.kind === 'LATE') late = late.plus(decision.covered).plus(decision.debt);
        if (decision.kind === 'CAPTURE') captured = captured.plus(message.cost);
        if ('booking' in decision) booking = decision.booking;
      }
      const ending = holdToEnd(booking);
      if (!ending) continue;
      expect(released).toBeNull();
      released = ending.amount.minus(ending.captured);
      booking = { ...booking, hold: { ...ending, ended: true } };
    }
    expect(captured.lessThanOrEqualTo(asked)).toBe(true);
    expect(booking.hold?.captured.equals(captured)).toBe(true);
    if (released) expect(released.plus(captured).equals(asked)).toBe(true);
    expect(late.isZero() || released !== null).toBe(true);
  });
  fc.assert(property, { numRuns: 2_000 });
});
