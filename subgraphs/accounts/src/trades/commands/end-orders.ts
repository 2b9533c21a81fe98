import type { Tx } from '../../data/client.ts';
import type { Deps } from '../../deps.ts';
import {
  lockBalances,
  noPostings,
  type Resolution,
  resolve,
  savePostings,
} from '../../ledger/index.ts';
import { findBookings, saveBookings } from '../data/order-bookings.ts';
import { holdToEnd, noteEnd, type OrderBooking, unknownOrder } from '../domain/order-booking.ts';

export type OrderEnd = {
  readonly orderId: string;
  readonly accountId: string;
  /** How many executions the order had; the hold ends once they are booked. */
  readonly executions: number;
  /** Of the order: a late fill gives it a second end, which counts. */
  readonly version: number;
};

/**
 * Releases what is left of the holds of buys that have ended; those with executions still to book
 * are released by the last of them. Set-based: 2,850 events/s in batches of 100
 * against 65 one by one (two busy cores, README).
 */
export async function endOrders(deps: Deps, tx: Tx, ends: readonly OrderEnd[]): Promise<void> {
  if (ends.length === 0) return;
  const balances = await lockBalances(
    tx,
    ends.map(({ accountId }) => accountId),
  );
  const bookings = await findBookings(
    tx,
    ends.map(({ orderId }) => orderId),
  );
  const changed = new Map<string, OrderBooking>();
  const resolutions: Resolution[] = [];

  for (const { orderId, accountId, ...end } of ends) {
    // An order of an account that is not kept here was refused: there is nothing to give back.
    if (!balances.has(accountId)) continue;
    const known = bookings.get(orderId) ?? unknownOrder(orderId, accountId);
    const noted = noteEnd(known, end);
    const ending = holdToEnd(noted);
    if (ending) resolutions.push(resolve(ending, { at: deps.clock.now() }));
    const after = ending ? { ...noted, hold: { ...ending, ended: true } } : noted;
    if (after === known) continue;
    bookings.set(orderId, after);
    changed.set(orderId, after);
  }
  await savePostings(tx, { ...noPostings, resolutions });
  await saveBookings(tx, [...changed.values()]);
}
