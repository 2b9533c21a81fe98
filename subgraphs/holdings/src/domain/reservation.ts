import { Decimal, zero } from '@simplebank/kernel/decimal';
import type { OrderId } from '@simplebank/kernel/ids';
import type { Execution } from './execution.ts';
import { freeOf, type Position, type PositionKey } from './position.ts';

/** What a sale order set aside. The rest is what is neither sold nor released. */
export type Reservation = PositionKey & {
  readonly orderId: OrderId;
  readonly quantity: Decimal;
  readonly consumed: Decimal;
  readonly released: Decimal;
  readonly state: 'RESERVED' | 'REFUSED' | 'ENDED';
  /** The order has ended after this many executions; null while it lives. */
  readonly awaited: number | null;
};

export type Ask = PositionKey & { readonly orderId: OrderId; readonly quantity: Decimal };
export type ReserveRefusal = 'INSUFFICIENT_POSITION' | 'ACCOUNT_STATUS';

/** All or nothing for what is not sold yet; the same position when the shares do not suffice. */
export function reserve(
  position: Position | null,
  ask: Ask,
  sold: Decimal,
): { readonly position: Position | null; readonly reservation: Reservation } {
  const wanted = ask.quantity.minus(sold);
  if (!position || freeOf(position).lessThan(wanted)) {
    return { position, reservation: refused(ask, sold) };
  }
  const reserved = position.reserved.plus(wanted);
  const reservation = { ...ask, consumed: sold, released: zero, awaited: null };
  return {
    position: { ...position, reserved },
    reservation: { ...reservation, state: 'RESERVED' },
  };
}

export const refused = (ask: Ask, sold: Decimal): Reservation => ({
  ...ask,
  consumed: sold,
  released: zero,
  awaited: null,
  state: 'REFUSED',
});

/** An order whose end came before the order itself: nothing of it is set aside any more. */
export const endedUnseen = (key: PositionKey & { orderId: OrderId }): Reservation => ({
  ...key,
  quantity: zero,
  consumed: zero,
  released: zero,
  awaited: null,
  state: 'ENDED',
});

export const isUnseen = ({ quantity }: Reservation): boolean => quantity.isZero();

/** The order has come after its end. It reads as if it had come before. */
export const seenAfterEnd = (known: Reservation, ask: Ask, sold: Decimal): Reservation => ({
  ...known,
  quantity: ask.quantity,
  consumed: sold,
  released: ask.quantity.minus(sold),
});

const restOf = ({ state, quantity, consumed, released }: Reservation): Decimal =>
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

/** What an ended order sells late was released before, so it counts as released no longer. */
function consumed(reservation: Reservation, booked: Decimal): Reservation {
  const part = Decimal.min(booked, reservation.quantity.minus(reservation.consumed));
  const { state, released } = reservation;
  return {
    ...reservation,
    consumed: reservation.consumed.plus(part),
    released: state === 'ENDED' ? released.minus(part) : released,
  };
}

/** The order has ended. Of several ends (a late fill brings another) the last one counts. */
export const awaiting = (reservation: Reservation, executions: number): Reservation => ({
  ...reservation,
  awaited: Math.max(executions, reservation.awaited ?? 0),
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
