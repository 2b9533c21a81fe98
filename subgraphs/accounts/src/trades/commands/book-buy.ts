import { type Decimal, zero } from '@simplebank/kernel/decimal';
import type { Deps } from '../../deps.ts';
import { availableOf, type Balances, feesTotal, resolve } from '../../ledger/index.ts';
import { decideBuy, holdToEnd, type OrderBooking } from '../domain/order-booking.ts';
import { buyPostings } from './buy-postings.ts';
import { balancesAt, type Desk, setBooking, wait } from './desk.ts';
import { type Execution, writeExecution } from './execution.ts';

/** Spends the order's hold; after its end a hold made on the spot, and debt for what is lacking. */
export function bookBuy(deps: Deps, desk: Desk, execution: Execution): void {
  const { orderId, accountId } = execution;
  const balances = balancesAt(desk, accountId);
  const known = desk.bookings.get(orderId);
  if (!known) throw new Error(`order ${orderId} is not at the desk`);
  const cost = execution.value.plus(feesTotal(execution.fees));
  const { nth = null } = execution;
  const decision = decideBuy(known, { nth, cost, available: availableOf(balances) });

  switch (decision.kind) {
    case 'NOT_YET':
      wait(deps, desk, execution);
      break;
    case 'EXCEPTION':
      raise(deps, desk, { execution, code: decision.code, cost });
      break;
    case 'CAPTURE':
      post(deps, desk, { execution, balances, cost, debt: zero, booking: decision.booking });
      break;
    case 'LATE':
      post(deps, desk, {
        execution,
        balances,
        cost,
        debt: decision.debt,
        booking: decision.booking,
      });
      break;
    default:
      unknownDecision(decision);
  }
}

type Paid = {
  readonly execution: Execution;
  readonly balances: Balances;
  readonly booking: OrderBooking;
  readonly cost: Decimal;
  readonly debt: Decimal;
};

function post(deps: Deps, desk: Desk, paid: Paid): void {
  const { execution, balances, booking, cost, debt } = paid;
  const covered = cost.minus(debt);
  const hold = openHold(booking);
  desk.postings.push(buyPostings(deps, { execution, balances, cost, debt, hold }));
  desk.booked.push(execution);
  const spent = {
    ...balances,
    posted: balances.posted.minus(covered),
    held: hold ? balances.held.minus(covered) : balances.held,
    owed: balances.owed.plus(debt),
  };
  if (!debt.isZero()) desk.debtors.add(execution.accountId);
  const ending = holdToEnd(booking);
  if (!ending) {
    desk.balances.set(execution.accountId, spent);
    setBooking(desk, booking);
    return;
  }
  const resolution = resolve(ending, { at: deps.clock.now() });
  desk.postings.push({ resolutions: [resolution] });
  desk.balances.set(execution.accountId, { ...spent, held: spent.held.minus(resolution.amount) });
  setBooking(desk, { ...booking, hold: { ...ending, ended: true } });
}

/** The order's own hold while it lasts; a late execution holds what it spends on the spot. */
const openHold = ({ hold }: OrderBooking) => (hold && !hold.ended ? hold : null);

type Trouble = {
  readonly execution: Execution;
  readonly code: 'NO_HOLD' | 'BEYOND_HOLD';
  readonly cost: Decimal;
};

/** Nothing is booked; staff decides (domain §9, capture beyond the hold). */
function raise({ newId, clock }: Deps, desk: Desk, { execution, code, cost }: Trouble): void {
  const { orderId, executionId, accountId } = execution;
  const detail = `${code}: execution ${executionId} of order ${orderId} costs ${cost.toFixed()}`;
  const about = { id: newId(), at: clock.now(), code, detail, body: writeExecution(execution) };
  desk.exceptions.push({ ...about, orderId, executionId, accountId });
}

const unknownDecision = (decision: never): never => {
  throw new Error(`unknown decision ${JSON.stringify(decision)}`);
};
