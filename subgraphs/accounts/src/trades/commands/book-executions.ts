import { type Currency, roundCash } from '@simplebank/kernel/money';
import { accountsById, debtChanged } from '../../accounts/index.ts';
import { actorOfEvent, audit } from '../../commands/audit.ts';
import type { Tx } from '../../data/client.ts';
import type { Deps } from '../../deps.ts';
import {
  type Fees,
  joinPostings,
  lockBalances,
  type Postings,
  savePostings,
} from '../../ledger/index.ts';
import {
  findBookings,
  findKnownExecutions,
  insertExceptions,
  nameOf,
  saveBookings,
} from '../data/order-bookings.ts';
import { keepWaiting } from '../data/waiting-executions.ts';
import { bookBuy } from './book-buy.ts';
import { bookSale } from './book-sale.ts';
import { type Desk, openDesk, wait } from './desk.ts';
import type { Execution } from './execution.ts';

/**
 * Books executions: a buy spends its hold, a sale credits its proceeds. Every execution is booked
 * once, whoever reports it how often, and in every state of its account. Set-based: 680 events/s in
 * batches of 100 against 40 one by one (two busy cores, README). A buy whose order has not come
 * yet waits for it here, and not in the queue, where its order would have to wait behind it.
 */
export async function bookExecutions(
  deps: Deps,
  tx: Tx,
  executions: readonly Execution[],
): Promise<void> {
  if (executions.length === 0) return;
  const buys = executions.filter(({ side }) => side === 'BUY');
  // First of all the lock; what it protects is read after it.
  const balances = await lockBalances(
    tx,
    executions.map(({ accountId }) => accountId),
  );
  const known = await findKnownExecutions(
    tx,
    executions.map(({ orderId }) => orderId),
  );
  const bookings = await findBookings(
    tx,
    buys.map(({ orderId }) => orderId),
  );
  const desk = openDesk({ balances, bookings });

  for (const execution of executions) {
    const name = nameOf(execution);
    if (known.has(name)) continue;
    known.add(name);
    book(deps, desk, execution);
  }
  await save(deps, tx, desk);
}

function book(deps: Deps, desk: Desk, execution: Execution): void {
  const { orderId, accountId } = execution;
  const currency = desk.balances.get(accountId)?.currency;
  if (!currency || currency !== execution.currency) {
    throw new Error(`order ${orderId}: account ${accountId} keeps no ${execution.currency}`);
  }
  const { side, value, fees } = execution;
  const rounded = {
    ...execution,
    value: roundCash(value, currency),
    fees: roundFees(fees, currency),
  };
  if (side === 'SELL') bookSale(deps, desk, rounded);
  else if (desk.bookings.has(orderId)) bookBuy(deps, desk, rounded);
  else wait(deps, desk, rounded);
}

/** This is the ledger's door: behind it cash has the currency's smallest unit (domain §1). */
const roundFees = ({ commission, sec, taf }: Fees, currency: Currency): Fees => ({
  commission: roundCash(commission, currency),
  sec: roundCash(sec, currency),
  taf: roundCash(taf, currency),
});

/** A late execution, which holds anew what it spends (domain §3.6). */
const holdsAnew = ({ holds = [] }: Partial<Postings>): boolean => holds.length > 0;

async function save(deps: Deps, tx: Tx, desk: Desk): Promise<void> {
  const others = desk.postings.filter((postings) => !holdsAnew(postings));
  await savePostings(tx, joinPostings(others));
  // What a late execution holds may have come free with the others, so it is written after them.
  await savePostings(tx, joinPostings(desk.postings.filter(holdsAnew)));
  await saveBookings(tx, [...desk.changed.values()]);
  await keepWaiting(tx, desk.waiting);
  await insertExceptions(tx, desk.exceptions);
  for (const { code, detail, ...exception } of desk.exceptions) {
    const fields = { ...exception, error_code: code, alert: 'BOOKING_EXCEPTION' };
    deps.log.error(fields, `an execution is not booked: ${detail}`);
  }
  const acts = desk.booked.map(({ event, orderId, executionId, value, fees, side }) => ({
    by: actorOfEvent(event),
    command: 'bookExecution',
    subject: nameOf({ orderId, executionId }),
    after: { side, value, fees },
  }));
  await audit(tx, deps, acts);
  await limitDebtors(deps, tx, desk);
}

async function limitDebtors(deps: Deps, tx: Tx, { debtors }: Desk): Promise<void> {
  if (debtors.size === 0) return;
  const accounts = await accountsById(tx, [...debtors.keys()]);
  // One after the other: there are hardly ever any.
  for (const [accountId, { by, cause }] of debtors) {
    const account = accounts.get(accountId);
    if (!account) throw new Error(`account ${accountId} owes money but is not there`);
    await debtChanged(tx, deps, { account, owes: true, by, cause });
  }
}
