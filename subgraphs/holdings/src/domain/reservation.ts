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

const fresh = { consumed: zero, released: zero, awaited: null };

/** All or nothing. The position is the same object when the shares do not suffice. */
export function reserve(
  position: Position | null,
  ask: Ask,
): { readonly position: Position | null; readonly reservation: Reservation } {
  if (!position || freeOf(position).lessThan(ask.quantity)) {
    return { position, reservation: refused(ask) };
  }
  const reserved = position.reserved.plus(ask.quantity);
  return {
    position: { ...position, reserved },
    reservation: { ...ask, ...fresh, state: 'RESERVED' },
  };
}

export const refused = (ask: Ask): Reservation => ({ ...ask, ...fresh, state: 'REFUSED' });

export const restOf = ({ state, quantity, consumed, released }: Reservation): Decimal =>
  state === 'RESERVED' ? quantity.minus(consumed).minus(released) : zero;

export type Admitted = {
  readonly position: Position;
  readonly reservation: Reservation;
  /** What the customer's shares cover, and what they do not (domain §3.6). */
  readonly booked: Decimal;
  readonly missing: Decimal;
};

/**
 * Takes the shares of a sale: first what its order reserved, then what nobody has reserved. Only a
 * late fill may find too few; for any other null is answered: the buy of its shares is not here yet.
 */
export function admitSale(
  position: Position,
  reservation: Reservation,
  { quantity, late }: Execution,
): Admitted | null {
  const fromReservation = Decimal.min(quantity, restOf(reservation));
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
    reservation: { ...reservation, consumed: reservation.consumed.plus(fromReservation) },
    booked,
    missing: quantity.minus(booked),
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
  const { awaited, state } = reservation;
  if (state !== 'RESERVED' || awaited === null || executionsBooked < awaited) {
    return { position, reservation };
  }
  const rest = restOf(reservation);
  const released = reservation.released.plus(rest);
  return {
    position: position && { ...position, reserved: position.reserved.minus(rest) },
    reservation: { ...reservation, released, state: 'ENDED' },
  };
}

/** An order that ended before it was seen here: whatever comes of it reserves nothing any more. */
export const endedUnseen = (key: PositionKey & { orderId: OrderId }): Reservation => ({
  ...key,
  ...fresh,
  quantity: zero,
  state: 'ENDED',
});
