import { type Decimal, zero } from '@simplebank/kernel/decimal';
import type { Deps } from '../../deps.ts';
import { type Balances, buyLegs, type Postings } from '../../ledger/index.ts';
import { nameOf } from '../data/order-bookings.ts';
import type { OrderHold } from '../domain/order-booking.ts';
import { tradeNote } from './desk.ts';
import type { Execution } from './execution.ts';

export type Buying = {
  readonly execution: Execution;
  readonly balances: Balances;
  /** Value and fees. */
  readonly cost: Decimal;
  /** The part of the cost that the customer owes from now on. */
  readonly debt: Decimal;
  /** What pays for it; null: a hold is made on the spot and spent (domain §3.6). */
  readonly hold: OrderHold | null;
};

/** The facts of one execution of a buy. */
export function buyPostings(
  { newId, clock }: Pick<Deps, 'newId' | 'clock'>,
  { execution, balances, cost, debt, hold }: Buying,
): Partial<Postings> {
  const { orderId, executionId, value, fees, shares, settlementDate: dueOn } = execution;
  const { currency, cashId: ledgerAccountId } = balances;
  const at = clock.now();
  const amount = cost.minus(debt);
  const name = nameOf({ orderId, executionId });
  const holdId = hold?.id ?? newId();
  const isLate = hold === null && !amount.isZero();
  const transactionId = newId();
  const onTheSpot = { id: holdId, ledgerAccountId, amount, currency, createdAt: at };
  const header = { id: transactionId, at, currency, orderId, executionId, paymentId: null };
  const about = { ...(shares ? { shares } : {}), reference: `buy:${name}` };
  const buy = { ...header, ...about, kind: 'BUY' } as const;
  const item = { id: newId(), ledgerAccountId, orderId, executionId, value, currency, dueOn };
  const late = { purpose: 'LATE_FILL', reference: name, expiresAt: null } as const;
  return {
    holds: isLate ? [{ ...onTheSpot, ...late }] : [],
    transactions: cost.isZero() ? [] : [{ ...buy, legs: buyLegs(balances, { value, fees, debt }) }],
    captures: amount.isZero()
      ? []
      : [{ holdId, execution: executionId, amount, transactionId, at }],
    settlements: [{ ...item, side: 'BUY', net: zero }],
    notes: value.isZero() ? [tradeNote(execution, { at, currency })] : [],
    resolutions: isLate ? [{ holdId, kind: 'CAPTURED', amount: zero, at }] : [],
  };
}
