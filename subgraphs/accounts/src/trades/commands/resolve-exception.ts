import { PublicError } from '@simplebank/chassis/errors';
import { Decimal, zero } from '@simplebank/kernel/decimal';
import { ok, type Result, refuse } from '@simplebank/kernel/result';
import { audit } from '../../commands/audit.ts';
import { type KeyReused, once } from '../../commands/once.ts';
import type { Story } from '../../commands/story.ts';
import type { Tx } from '../../data/client.ts';
import type { Deps } from '../../deps.ts';
import {
  availableOf,
  type Balances,
  feesTotal,
  findHouse,
  houseBuyLegs,
  joinPostings,
  lockBalances,
  type Postings,
  resolve,
  savePostings,
} from '../../ledger/index.ts';
import { findException, insertResolution } from '../data/booking-exceptions.ts';
import { findBookings, nameOf, saveBookings } from '../data/order-bookings.ts';
import type { BookingException, ResolutionKind } from '../domain/booking-exception.ts';
import { countBooked, holdToEnd } from '../domain/order-booking.ts';
import { buyPostings } from './buy-postings.ts';
import { repayFree } from './debts.ts';
import { type Execution, readExecution } from './execution.ts';
import { tellCorrections } from './tell-correction.ts';

export type ResolveException = {
  readonly exceptionId: string;
  readonly kind: ResolutionKind;
  readonly reason: string;
  readonly idempotencyKey: string;
};
export type ResolveRefusal = { readonly code: 'ALREADY_RESOLVED' | 'NOT_BOOKABLE' };

/**
 * Staff decides about an execution that was not booked: the customer pays, as for a late fill, or
 * the house does, or nobody. Either way the order's hold need not wait for it any longer.
 */
export async function resolveException(
  deps: Deps,
  { idempotencyKey, ...input }: ResolveException,
  story: Story,
): Promise<Result<string, ResolveRefusal | KeyReused>> {
  const command = 'resolveBookingException';
  const ask = { owner: story.by.actor, key: idempotencyKey, command, input, movesMoney: true };
  return once<ResolveRefusal>(deps, ask, async (tx) => {
    const found = await findException(tx, input.exceptionId);
    if (!found) {
      const field = { field: 'input.exceptionId' };
      throw new PublicError('NOT_FOUND', 'There is no such exception.', field);
    }
    const balances = (await lockBalances(tx, [found.accountId])).get(found.accountId);
    const known = await findException(tx, found.id);
    if (!balances || !known) throw new Error(`exception ${found.id} has lost its account`);
    if (known.resolution) return refuse({ code: 'ALREADY_RESOLVED' });
    const { kind, reason } = input;
    if (kind !== 'DISMISSED' && known.body === null) return refuse({ code: 'NOT_BOOKABLE' });

    const transactionId = await carryOut(deps, tx, { known, balances, kind, story });
    const at = deps.clock.now();
    const about = { exceptionId: known.id, kind, reason, actor: story.by.actor };
    await insertResolution(tx, { ...about, transactionId, at });
    const subject = nameOf(known);
    await audit(tx, deps, [{ by: story.by, command, subject, reason, after: { kind } }]);
    return ok(known.id);
  });
}

type Case = {
  readonly known: BookingException;
  readonly balances: Balances;
  readonly kind: ResolutionKind;
  readonly story: Story;
};

/** Answers the transaction that it made, if any. The hold goes first: it may pay for the rest. */
async function carryOut(deps: Deps, tx: Tx, { known, balances, kind, story }: Case) {
  const freed = await countAsBooked(deps, tx, { known, balances });
  const postings = await postingsOf(deps, tx, { known, balances: freed, kind });
  await savePostings(tx, joinPostings([postings]));
  if (kind === 'BOOKED_TO_CUSTOMER') await tellPaid(deps, tx, { known, balances, story, postings });
  await repayFree(deps, tx, { before: balances, by: `exception:${known.id}`, story });
  return postings.transactions?.[0]?.id ?? null;
}

type PaidFor = Omit<Case, 'kind'> & { readonly postings: Partial<Postings> };

/** When it was raised, others were told that the customer had not paid. */
async function tellPaid(deps: Deps, tx: Tx, { known, balances, story, postings }: PaidFor) {
  const [transaction] = postings.transactions ?? [];
  if (!transaction || known.body === null) return;
  const { value, fees } = readExecution(known.body);
  const { accountId, currency } = balances;
  const about = { id: transaction.id, accountId, currency, cause: story.cause };
  await tellCorrections(tx, deps, [{ ...about, amount: value.plus(feesTotal(fees)).neg() }]);
}

async function postingsOf(deps: Deps, tx: Tx, { known, balances, kind }: Omit<Case, 'story'>) {
  if (kind === 'DISMISSED' || known.body === null) return {};
  const execution = readExecution(known.body);
  if (kind === 'BOOKED_TO_HOUSE') return toHouse(deps, tx, execution);
  const cost = execution.value.plus(feesTotal(execution.fees));
  const covered = Decimal.max(zero, Decimal.min(cost, availableOf(balances)));
  return buyPostings(deps, { execution, balances, cost, debt: cost.minus(covered), hold: null });
}

type Held = { readonly known: BookingException; readonly balances: Balances };

/** The end of the order waits for all of its executions, and this one has been dealt with. */
async function countAsBooked(deps: Deps, tx: Tx, { known, balances }: Held): Promise<Balances> {
  const booking = (await findBookings(tx, [known.orderId])).get(known.orderId);
  if (!booking) return balances;
  const nth = known.body === null ? null : (readExecution(known.body).nth ?? null);
  const next = countBooked(booking, nth);
  await saveBookings(tx, [next]);
  const ending = holdToEnd(next);
  if (!ending) return balances;
  const resolution = resolve(ending, { at: deps.clock.now() });
  await savePostings(tx, joinPostings([{ resolutions: [resolution] }]));
  return { ...balances, held: balances.held.minus(resolution.amount) };
}

async function toHouse({ newId, clock }: Deps, tx: Tx, execution: Execution) {
  const { orderId, executionId, value, fees, settlementDate: dueOn } = execution;
  const { id: ledgerAccountId, currency } = await findHouse(tx, 'error', execution.currency);
  const reference = `buy:${nameOf({ orderId, executionId })}`;
  const header = { id: newId(), at: clock.now(), currency, orderId, executionId, paymentId: null };
  const legs = houseBuyLegs({ value, fees });
  const item = { id: newId(), ledgerAccountId, orderId, executionId, value, currency, dueOn };
  return {
    transactions: legs.length === 0 ? [] : [{ ...header, kind: 'BUY', reference, legs } as const],
    settlements: [{ ...item, side: 'BUY', net: zero } as const],
  };
}
