import { Decimal, zero } from '@simplebank/kernel/decimal';

/** What of an order's hold is known; `captured` of `amount` is spent. */
export type OrderHold = {
  readonly id: string;
  readonly amount: Decimal;
  readonly captured: Decimal;
  readonly ended: boolean;
};

/**
 * What accounts knows of a buy. Its events come in any order, so each may be the first:
 * UNKNOWN until the order itself has come; NEVER_HELD when it came after its own end.
 */
export type OrderBooking = {
  readonly orderId: string;
  readonly accountId: string;
  readonly state: 'UNKNOWN' | 'HELD' | 'REFUSED' | 'NEVER_HELD';
  readonly hold: OrderHold | null;
  /** The first so many executions of the order are booked, by the numbers that orders gave them. */
  readonly booked: number;
  /** Numbers of those booked beyond: an earlier one is still on its way. */
  readonly ahead: readonly number[];
  /** How many executions the order ended with; the end of the highest version counts. */
  readonly end: { readonly executions: number; readonly version: number } | null;
};

export const unknownOrder = (orderId: string, accountId: string): OrderBooking => ({
  orderId,
  accountId,
  state: 'UNKNOWN',
  hold: null,
  booked: 0,
  ahead: [],
  end: null,
});

export type HoldAsk = {
  readonly amount: Decimal;
  readonly available: Decimal;
  readonly mayBuy: boolean;
  readonly newHoldId: string;
};
export type HoldDecision =
  | { readonly kind: 'HOLD' | 'NOTHING'; readonly booking: OrderBooking }
  | {
      readonly kind: 'REFUSE';
      readonly booking: OrderBooking;
      readonly code: 'INSUFFICIENT_FUNDS' | 'ACCOUNT_STATUS';
    };

/** All or nothing (domain §2.6). An order that has ended with all it had needs no money. */
export function decideHold(booking: OrderBooking, ask: HoldAsk): HoldDecision {
  const { amount, available, mayBuy, newHoldId } = ask;
  if (!amount.isPositive() || amount.isZero()) {
    throw new Error(`order ${booking.orderId} asks to hold ${amount.toFixed()}`);
  }
  if (booking.state !== 'UNKNOWN') return { kind: 'NOTHING', booking };
  if (hasEnded(booking)) return { kind: 'NOTHING', booking: { ...booking, state: 'NEVER_HELD' } };
  const code = !mayBuy
    ? 'ACCOUNT_STATUS'
    : available.lessThan(amount)
      ? 'INSUFFICIENT_FUNDS'
      : null;
  if (code) return { kind: 'REFUSE', booking: { ...booking, state: 'REFUSED' }, code };
  const hold = { id: newHoldId, amount, captured: zero, ended: false };
  return { kind: 'HOLD', booking: { ...booking, state: 'HELD', hold } };
}

export type BuyDecision =
  | { readonly kind: 'NOT_YET' }
  | { readonly kind: 'EXCEPTION'; readonly code: 'NO_HOLD' | 'BEYOND_HOLD' }
  | { readonly kind: 'CAPTURE'; readonly booking: OrderBooking }
  /** The hold has gone back already: `covered` is held anew and spent, `debt` is owed. */
  | {
      readonly kind: 'LATE';
      readonly booking: OrderBooking;
      readonly covered: Decimal;
      readonly debt: Decimal;
    };

export type Purchase = {
  /** Its number among the executions of its order, from 1; null when an earlier release kept it. */
  readonly nth: number | null;
  readonly cost: Decimal;
  readonly available: Decimal;
};

/** Books one execution of a buy against its hold, or, when that has ended, domain §3.6. */
export function decideBuy(booking: OrderBooking, { nth, cost, available }: Purchase): BuyDecision {
  if (booking.state === 'UNKNOWN') return { kind: 'NOT_YET' };
  if (booking.state === 'REFUSED') return { kind: 'EXCEPTION', code: 'NO_HOLD' };
  const { hold } = booking;
  const next = countBooked(booking, nth);
  if (!hold || hold.ended) {
    const covered = Decimal.max(zero, Decimal.min(cost, available));
    return { kind: 'LATE', booking: next, covered, debt: cost.minus(covered) };
  }
  const captured = hold.captured.plus(cost);
  if (captured.greaterThan(hold.amount)) return { kind: 'EXCEPTION', code: 'BEYOND_HOLD' };
  return { kind: 'CAPTURE', booking: { ...next, hold: { ...hold, captured } } };
}

/**
 * Counts an execution as dealt with. A number counts and not how many there are: a late fill that
 * overtakes an earlier one does not stand in for it.
 */
export function countBooked(booking: OrderBooking, nth: number | null): OrderBooking {
  const ahead = new Set([...booking.ahead, nth ?? booking.booked + 1]);
  let { booked } = booking;
  while (ahead.delete(booked + 1)) booked += 1;
  return { ...booking, booked, ahead: [...ahead].filter((one) => one > booked).sort(ascending) };
}

const ascending = (one: number, other: number): number => one - other;

/** Remembers how the order ended; an older end than the known one changes nothing. */
export function noteEnd(
  booking: OrderBooking,
  end: { readonly executions: number; readonly version: number },
): OrderBooking {
  return booking.end && booking.end.version >= end.version ? booking : { ...booking, end };
}

/** The hold to end now: the order has ended and everything it bought is booked. */
export function holdToEnd(booking: OrderBooking): OrderHold | null {
  const { hold } = booking;
  return hold && !hold.ended && hasEnded(booking) ? hold : null;
}

const hasEnded = ({ end, booked }: OrderBooking): boolean =>
  end !== null && booked >= end.executions;
