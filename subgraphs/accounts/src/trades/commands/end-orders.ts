import { causedBy, type Envelope } from '@simplebank/contracts/event';
import { actorOfEvent } from '../../commands/audit.ts';
import type { Tx } from '../../data/client.ts';
import type { Deps } from '../../deps.ts';
import {
  type Balances,
  lockBalances,
  noPostings,
  type Resolution,
  repayDebt,
  resolve,
  savePostings,
} from '../../ledger/index.ts';
import { findBookings, saveBookings } from '../data/order-bookings.ts';
import { holdToEnd, noteEnd, type OrderBooking, unknownOrder } from '../domain/order-booking.ts';
import { debtsChanged } from './debts.ts';

export type OrderEnd = {
  readonly orderId: string;
  readonly accountId: string;
  /** How many executions the order had; the hold ends once they are booked. */
  readonly executions: number;
  /** Of the order: a late fill gives it a second end, which counts. */
  readonly version: number;
  readonly event: Envelope;
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
  const released = new Map<string, OrderEnd>();
  const resolutions: Resolution[] = [];

  for (const asked of ends) {
    const { orderId, accountId, executions, version } = asked;
    const known = balances.get(accountId);
    // An order of an account that is not kept here was refused: there is nothing to give back.
    if (!known) continue;
    const before = bookings.get(orderId) ?? unknownOrder(orderId, accountId);
    const noted = noteEnd(before, { executions, version });
    const ending = holdToEnd(noted);
    const after = ending ? { ...noted, hold: { ...ending, ended: true } } : noted;
    if (after === before) continue;
    bookings.set(orderId, after);
    changed.set(orderId, after);
    if (!ending) continue;
    const resolution = resolve(ending, { at: deps.clock.now() });
    resolutions.push(resolution);
    balances.set(accountId, { ...known, held: known.held.minus(resolution.amount) });
    released.set(accountId, asked);
  }
  await savePostings(tx, { ...noPostings, resolutions });
  await saveBookings(tx, [...changed.values()]);
  await repay(deps, tx, { balances, released });
}

type Released = {
  readonly balances: ReadonlyMap<string, Balances>;
  /** The last end that gave something back, by account. */
  readonly released: ReadonlyMap<string, OrderEnd>;
};

/** Money that came free repays what is owed, before anybody may spend it. */
async function repay(deps: Deps, tx: Tx, { balances, released }: Released): Promise<void> {
  const repaid = [...released].flatMap(([accountId, { orderId, version, event }]) => {
    const known = balances.get(accountId);
    const ids = { id: deps.newId(), orderId: null, executionId: null, paymentId: null };
    const by = `release:${orderId}:${version}`;
    const done = known && repayDebt(known, { ...ids, at: deps.clock.now(), by });
    return done ? [{ ...done, event }] : [];
  });
  if (repaid.length === 0) return;
  await savePostings(tx, { ...noPostings, transactions: repaid.map((one) => one.transaction) });
  await debtsChanged(
    tx,
    deps,
    repaid.map(({ balances: { accountId, owed }, event }) => ({
      ...{ accountId, owes: !owed.isZero(), by: actorOfEvent(event), cause: causedBy(event) },
    })),
  );
}
