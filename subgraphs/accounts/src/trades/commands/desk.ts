import type { Cause } from '@simplebank/contracts/event';
import type { Actor } from '../../commands/audit.ts';
import type { Balances, Postings } from '../../ledger/index.ts';
import type { BookingException } from '../data/order-bookings.ts';
import type { OrderBooking } from '../domain/order-booking.ts';
import type { Execution } from './book-executions.ts';

/** What a batch works on: the locked state as its executions move it, and what is to be written. */
export type Desk = {
  readonly balances: Map<string, Balances>;
  readonly bookings: Map<string, OrderBooking>;
  readonly changed: Map<string, OrderBooking>;
  readonly postings: Partial<Postings>[];
  readonly booked: Execution[];
  readonly exceptions: BookingException[];
  readonly debtors: Map<string, { readonly by: Actor; readonly cause: Cause }>;
};

export const openDesk = (locked: Pick<Desk, 'balances' | 'bookings'>): Desk => ({
  ...locked,
  changed: new Map(),
  postings: [],
  booked: [],
  exceptions: [],
  debtors: new Map(),
});

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
