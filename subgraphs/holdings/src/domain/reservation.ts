import { Decimal, zero } from '@simplebank/kernel/decimal';
import type { OrderId } from '@simplebank/kernel/ids';
import type { Execution } from './execution.ts';
import { freeOf, type Position, type PositionKey } from './position.ts';

/**
 * What a sale order set aside. The rest is what is neither sold nor released. Consumed and released
 * are in the shares of their time, so `quantity` is what was asked for until a split changed it.
 */
export type Reservation = PositionKey & {
  readonly orderId: OrderId;
  readonly quantity: Decimal;
  readonly consumed: Decimal;
  readonly released: Decimal;
  readonly state: 'RESERVED' | 'REFUSED' | 'ENDED';
  /** The order has ended after this many executions; null while it lives. */
  readonly awaited: number | null;
  /** What the order asked for, in the shares of the day on which it did. */
  readonly asked: Decimal;
  readonly askedOn: string;
  /** The day of the order's first end; null while it lives. */
  readonly endedOn: string | null;
};

export type Ask = PositionKey & {
  readonly orderId: OrderId;
  readonly quantity: Decimal;
  /** The day in New York. */
  readonly askedOn: string;
};
export type ReserveRefusal = 'INSUFFICIENT_POSITION' | 'ACCOUNT_STATUS';

/** All that an order asks for, nothing of it sold yet. */
export const asking = (ask: Ask): Reservation => ({
  ...ask,
  ...{ asked: ask.quantity, consumed: zero, released: zero, state: 'RESERVED', awaited: null },
  endedOn: null,
});

/** All or nothing for what is not sold yet; the same position when the shares do not suffice. */
export function reserve(
  position: Position | null,
  wanted: Reservation,
): { readonly position: Position | null; readonly reservation: Reservation } {
  const rest = restOf(wanted);
  if (!position || freeOf(position).lessThan(rest)) {
    return { position, reservation: refused(wanted) };
  }
  return { position: { ...position, reserved: position.reserved.plus(rest) }, reservation: wanted };
}

export const refused = (wanted: Reservation): Reservation => ({ ...wanted, state: 'REFUSED' });

type Unseen = PositionKey & { readonly orderId: OrderId };

/** An order whose end came before the order itself: nothing of it is set aside any more. */
export const endedUnseen = ({ orderId, accountId, assetId }: Unseen): Reservation => ({
  ...{ orderId, accountId, assetId, quantity: zero, consumed: zero, released: zero },
  ...{ awaited: null, state: 'ENDED', asked: zero, askedOn: beforeAll, endedOn: null },
});

/** No day is known. */
const beforeAll = '0001-01-01';

export const isUnseen = ({ asked }: Reservation): boolean => asked.isZero();

/** The order has come after its end. */
export const seenAfterEnd = (known: Reservation, ask: Ask): Reservation => ({
  ...known,
  ...{ asked: ask.quantity, askedOn: ask.askedOn, quantity: ask.quantity },
  released: ask.quantity,
});

/** What is set aside now. */
export const restOf = ({ state, quantity, consumed, released }: Reservation): Decimal =>
  state === 'RESERVED' ? quantity.minus(consumed).minus(released) : zero;

export type Admitted = {
  readonly position: Position;
  readonly reservation: Reservation | null;
  /** What the customer's shares cover, and what they do not (domain §3.6). */
  readonly booked: Decimal;
  readonly missing: Decimal;
};

/**
 * Takes the shares of a sale: first what its order reserved, then what nobody has reserved. Only a
 * late fill may find too few; for others null is answered: the buy of its shares is not here yet.
 * The order itself need not be here: it will reserve that much less.
 */
export function admitSale(
  position: Position,
  reservation: Reservation | null,
  { quantity, late }: Execution,
): Admitted | null {
  const fromReservation = reservation ? Decimal.min(quantity, restOf(reservation)) : zero;
  const wanted = quantity.minus(fromReservation);
  const free = freeOf(position);
  if (wanted.greaterThan(free) && !late) return null;

  const booked = fromReservation.plus(Decimal.min(wanted, free));
  return {
    position: {
      ...position,
      quantity: position.quantity.minus(booked),
      reserved: position.reserved.minus(fromReservation),
    },
    reservation: reservation && consumed(reservation, booked),
    booked,
    missing: quantity.minus(booked),
  };
}

/** What was released, and is sold all the same, counts as released no longer. */
function consumed(reservation: Reservation, booked: Decimal): Reservation {
  const { quantity, released } = reservation;
  const part = Decimal.min(booked, quantity.minus(reservation.consumed));
  const sold = reservation.consumed.plus(part);
  return { ...reservation, consumed: sold, released: Decimal.min(released, quantity.minus(sold)) };
}

export type End = {
  readonly executions: number;
  /** The day in New York. */
  readonly on: string;
};

/** The order has ended. Of several ends (a late fill brings another) the last one counts. */
export const awaiting = (reservation: Reservation, { executions, on }: End): Reservation => ({
  ...reservation,
  awaited: Math.max(executions, reservation.awaited ?? 0),
  endedOn: reservation.endedOn !== null && reservation.endedOn < on ? reservation.endedOn : on,
});

/** Releases the rest once every execution of the ended order is booked; else nothing changes. */
export function release(
  position: Position | null,
  reservation: Reservation,
  executionsBooked: number,
): { readonly position: Position | null; readonly reservation: Reservation } {
  const { awaited, quantity } = reservation;
  if (!mayEnd(reservation) || awaited === null || executionsBooked < awaited) {
    return { position, reservation };
  }
  const reserved = restOf(reservation);
  const released = quantity.minus(reservation.consumed);
  return {
    position: position && { ...position, reserved: position.reserved.minus(reserved) },
    reservation: { ...reservation, released, state: 'ENDED' },
  };
}

/** A refusal stands, unless the order was executed: then its shares came here after the order. */
export const mayEnd = ({ state, awaited }: Reservation): boolean =>
  state === 'RESERVED' || (state === 'REFUSED' && awaited !== null && awaited > 0);
