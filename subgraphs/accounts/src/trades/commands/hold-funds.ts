import { publish } from '@simplebank/chassis/outbox';
import type { Cause, Fact } from '@simplebank/contracts/event';
import type { Decimal } from '@simplebank/kernel/decimal';
import { ceilCash } from '@simplebank/kernel/money';
import { type Account, accountsById, mayCustomer } from '../../accounts/index.ts';
import type { Tx } from '../../data/client.ts';
import type { Deps } from '../../deps.ts';
import { fundsHeld, fundsRefused } from '../../events/published.ts';
import {
  availableOf,
  type Balances,
  type Hold,
  lockBalances,
  noPostings,
  savePostings,
} from '../../ledger/index.ts';
import { findBookings, saveBookings } from '../data/order-bookings.ts';
import { takeWaiting } from '../data/waiting-executions.ts';
import { decideHold, type OrderBooking, unknownOrder } from '../domain/order-booking.ts';
import { bookExecutions } from './book-executions.ts';
import { readExecution } from './execution.ts';

export type FundsAsk = {
  readonly orderId: string;
  readonly accountId: string;
  readonly currency: string;
  readonly amount: Decimal;
  readonly cause: Cause;
};

type Desk = {
  readonly accounts: Map<string, Account>;
  readonly balances: Map<string, Balances>;
  readonly bookings: Map<string, OrderBooking>;
  readonly holds: Hold[];
  readonly facts: Fact[];
  readonly changed: Map<string, OrderBooking>;
};

/**
 * Holds the cost of new buys, one after the other against what the ones before left, and answers
 * each with FundsHeld or FundsRefused. Set-based: 1,660 events/s in
 * batches of 100 against 48 one by one (two busy cores, README).
 */
export async function holdFunds(deps: Deps, tx: Tx, asks: readonly FundsAsk[]): Promise<void> {
  if (asks.length === 0) return;
  const accountIds = asks.map(({ accountId }) => accountId);
  const desk: Desk = {
    balances: await lockBalances(tx, accountIds),
    accounts: await accountsById(tx, [...new Set(accountIds)]),
    bookings: await findBookings(
      tx,
      asks.map(({ orderId }) => orderId),
    ),
    holds: [],
    facts: [],
    changed: new Map(),
  };
  for (const ask of asks) decide(deps, desk, ask);

  await savePostings(tx, { ...noPostings, holds: desk.holds });
  await saveBookings(tx, [...desk.changed.values()]);
  await publish(tx, deps, desk.facts);
  const waiting = await takeWaiting(tx, [...desk.changed.keys()]);
  await bookExecutions(deps, tx, waiting.map(readExecution));
}

function decide(deps: Deps, desk: Desk, ask: FundsAsk): void {
  const { orderId, accountId, cause } = ask;
  const account = desk.accounts.get(accountId);
  const balances = desk.balances.get(accountId);
  // An account that does not exist, or in another currency, has nothing that could be held.
  if (!account || !balances || balances.currency !== ask.currency) {
    desk.facts.push(fundsRefused({ orderId, accountId, code: 'ACCOUNT_STATUS' }, cause));
    return;
  }
  const known = desk.bookings.get(orderId) ?? unknownOrder(orderId, accountId);
  const decision = decideHold(known, {
    amount: ceilCash(ask.amount, balances.currency),
    available: availableOf(balances),
    mayBuy: mayCustomer(account.status, 'buy'),
    newHoldId: deps.newId(),
  });
  if (decision.booking !== known) {
    desk.bookings.set(orderId, decision.booking);
    desk.changed.set(orderId, decision.booking);
  }
  if (decision.kind === 'REFUSE') {
    desk.facts.push(fundsRefused({ orderId, accountId, code: decision.code }, cause));
  }
  if (decision.kind === 'HOLD') hold(deps, desk, { ask, balances, booking: decision.booking });
}

type Holding = {
  readonly ask: FundsAsk;
  readonly balances: Balances;
  readonly booking: OrderBooking;
};

function hold({ clock }: Deps, desk: Desk, { ask, balances, booking }: Holding): void {
  const { orderId, accountId, cause } = ask;
  const { currency, cashId } = balances;
  if (!booking.hold) throw new Error(`order ${orderId} is held without a hold`);
  const { id, amount } = booking.hold;
  desk.balances.set(accountId, { ...balances, held: balances.held.plus(amount) });
  desk.holds.push({
    ...{ id, amount, currency, ledgerAccountId: cashId, purpose: 'ORDER', reference: orderId },
    createdAt: clock.now(),
    expiresAt: null,
  });
  const said = { orderId, accountId, amount: amount.toFixed(), currency };
  desk.facts.push(fundsHeld(said, cause));
}
