import { causedBy } from '@simplebank/contracts/event';
import { type Currency, roundCash } from '@simplebank/kernel/money';
import { actorOfEvent, audit } from '../../commands/audit.ts';
import type { Tx } from '../../data/client.ts';
import type { Deps } from '../../deps.ts';
import {
  type Fees,
  feesTotal,
  joinPostings,
  lockBalances,
  noPostings,
  type Postings,
  type Repaid,
  repayDebt,
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
import { debtsChanged } from './debts.ts';
import { balancesAt, type Desk, openDesk, wait } from './desk.ts';
import { type Execution, readExecution } from './execution.ts';
import { tellCorrections } from './tell-correction.ts';

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
  await save(deps, tx, { desk, executions });
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

type Books = { readonly desk: Desk; readonly executions: readonly Execution[] };

async function save(deps: Deps, tx: Tx, { desk, executions }: Books): Promise<void> {
  const others = desk.postings.filter((postings) => !holdsAnew(postings));
  await savePostings(tx, joinPostings(others));
  // What a late execution holds may have come free with the others, so it is written after them.
  await savePostings(tx, joinPostings(desk.postings.filter(holdsAnew)));
  await settleDebts(deps, tx, { desk, executions });
  await saveBookings(tx, [...desk.changed.values()]);
  await keepWaiting(tx, desk.waiting);
  await insertExceptions(tx, desk.exceptions);
  await tellCorrections(tx, deps, desk.exceptions.map(unpaidBy));
  for (const { code, detail, orderId, executionId } of desk.exceptions) {
    const about = { order_id: orderId, execution_id: executionId };
    const fields = { ...about, error_code: code, alert: 'BOOKING_EXCEPTION' };
    deps.log.error(fields, `an execution is not booked: ${detail}`);
  }
  const acts = desk.booked.map(({ event, orderId, executionId, value, fees, side }) => ({
    by: actorOfEvent(event),
    command: 'bookExecution',
    subject: nameOf({ orderId, executionId }),
    after: { side, value, fees },
  }));
  await audit(tx, deps, acts);
}

/** Others have heard of the execution, and not that its customer has not paid for it. */
function unpaidBy({ id, accountId, body }: Desk['exceptions'][number]) {
  const { value, fees, currency, event } = readExecution(body);
  const amount = value.plus(feesTotal(fees));
  return { id, accountId, currency, amount, cause: causedBy(event) };
}

/** What has become available repays what is owed; accounts are limited or freed by the outcome. */
async function settleDebts(deps: Deps, tx: Tx, { desk, executions }: Books): Promise<void> {
  const last = new Map(executions.map((execution) => [execution.accountId, execution]));
  const repaid = [...last.values()].flatMap((execution) => repaymentBy(deps, desk, execution));
  await savePostings(tx, { ...noPostings, transactions: repaid.map((one) => one.transaction) });
  const changed = new Set([...desk.debtors, ...repaid.map(({ balances }) => balances.accountId)]);
  await debtsChanged(
    tx,
    deps,
    [...changed].flatMap((accountId) => {
      const event = last.get(accountId)?.event;
      if (!event) return [];
      const owes = !balancesAt(desk, accountId).owed.isZero();
      return [{ accountId, owes, by: actorOfEvent(event), cause: causedBy(event) }];
    }),
  );
}

function repaymentBy({ newId, clock }: Deps, desk: Desk, execution: Execution): Repaid[] {
  const { orderId, executionId, accountId } = execution;
  const balances = desk.balances.get(accountId);
  const ids = { id: newId(), orderId, executionId, paymentId: null };
  const by = nameOf({ orderId, executionId });
  const repaid = balances && repayDebt(balances, { ...ids, at: clock.now(), by });
  if (!repaid) return [];
  desk.balances.set(accountId, repaid.balances);
  return [repaid];
}
