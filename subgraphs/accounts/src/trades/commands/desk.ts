import type { Currency } from '@simplebank/kernel/money';
import type { Deps } from '../../deps.ts';
import { type Balances, noteOf, type Postings } from '../../ledger/index.ts';
import type { BookingException } from '../data/order-bookings.ts';
import type { Waiting } from '../data/waiting-executions.ts';
import type { OrderBooking } from '../domain/order-booking.ts';
import { type Execution, writeExecution } from './execution.ts';

/** What a batch works on: the locked state as its executions move it, and what is to be written. */
export type Desk = {
  readonly balances: Map<string, Balances>;
  readonly bookings: Map<string, OrderBooking>;
  readonly changed: Map<string, OrderBooking>;
  readonly postings: Partial<Postings>[];
  readonly booked: Execution[];
  readonly exceptions: BookingException[];
  readonly waiting: Waiting[];
  /** Accounts whose debt has grown. */
  readonly debtors: Set<string>;
};

export const openDesk = (locked: Pick<Desk, 'balances' | 'bookings'>): Desk => ({
  ...locked,
  changed: new Map(),
  postings: [],
  booked: [],
  exceptions: [],
  waiting: [],
  debtors: new Set(),
});

/** The order of this execution has not come; it will ask for those that wait. */
export function wait({ clock }: Pick<Deps, 'clock'>, desk: Desk, execution: Execution): void {
  const { orderId, executionId } = execution;
  const body = writeExecution(execution);
  desk.waiting.push({ orderId, executionId, body, receivedAt: clock.now() });
}

export function setBooking(desk: Desk, booking: OrderBooking): void {
  desk.bookings.set(booking.orderId, booking);
  desk.changed.set(booking.orderId, booking);
}

/** Throws: the caller has checked that the account is at the desk. */
export function balancesAt({ balances }: Desk, accountId: string): Balances {
  const found = balances.get(accountId);
  if (!found) throw new Error(`account ${accountId} is not at the desk`);
  return found;
}

/** A trade that was worth less than the smallest coin moved no cash, and is told all the same. */
export function tradeNote(
  execution: Execution,
  { at, currency }: { at: Date; currency: Currency },
) {
  const { accountId, side, value, shares, orderId, executionId } = execution;
  const kind = side === 'BUY' ? 'BUY' : 'SALE';
  return noteOf({ kind, at, currency, accountId, value, orderId, executionId, ...shares });
}
