import type { Cause } from '@simplebank/contracts/event';
import type { OrderId } from '@simplebank/kernel/ids';
import { countBooked } from '../data/executions.ts';
import { lockPositions } from '../data/positions.ts';
import { lockReservations, saveReservations } from '../data/reservations.ts';
import type { Deps, Tx } from '../deps.ts';
import { keyOf, type Position, type PositionKey } from '../domain/position.ts';
import {
  awaiting,
  type End,
  endedUnseen,
  mayEnd,
  type Reservation,
  release,
} from '../domain/reservation.ts';
import { rebase } from './rebase-reservations.ts';
import { saveChanges } from './save-changes.ts';

export type Ending = {
  readonly order: PositionKey & { readonly orderId: OrderId };
  /** How many executions the order had in the end, and when that was. */
  readonly end: End;
  readonly cause: Cause;
};

/** Releases what ended sales have left, each once all its executions are booked here. */
export async function endReservations(
  tx: Tx,
  deps: Deps,
  endings: readonly Ending[],
): Promise<void> {
  if (endings.length === 0) return;
  const orders = endings.map(({ order }) => order);
  const before = await lockPositions(tx, orders);
  const reservations: Map<OrderId, Reservation> = await lockReservations(
    tx,
    orders.map(({ orderId }) => orderId),
  );
  for (const { order, end } of endings) {
    const known = reservations.get(order.orderId) ?? endedUnseen(order);
    reservations.set(order.orderId, awaiting(known, end));
  }
  const after = new Map(before);
  await releaseEnded(tx, after, reservations);
  await saveReservations(tx, [...reservations.values()], deps.clock.now());
  const causes = new Map(endings.map(({ order, cause }) => [keyOf(order), cause]));
  await saveChanges(tx, deps, { before, after, causes });
}

/** Changes both maps: gives back the rest of each ended order whose executions are all booked. */
export async function releaseEnded(
  tx: Tx,
  positions: Map<string, Position>,
  reservations: Map<OrderId, Reservation>,
): Promise<void> {
  const ended = [...reservations.values()].flatMap((reservation) => {
    const { orderId, awaited } = reservation;
    return awaited !== null && mayEnd(reservation) ? [{ orderId, awaited }] : [];
  });
  const booked = await countBooked(tx, ended);
  for (const { orderId } of ended) {
    const reservation = reservations.get(orderId);
    if (!reservation) continue;
    const key = keyOf(reservation);
    const done = release(positions.get(key) ?? null, reservation, booked.get(orderId) ?? 0);
    reservations.set(orderId, done.reservation);
    if (done.position) positions.set(key, done.position);
  }
  // A split may have come between their end and their last execution.
  await rebase(
    tx,
    reservations,
    ended.map(({ orderId }) => orderId),
  );
}
