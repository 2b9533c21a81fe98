import type { Decimal } from '@simplebank/kernel/decimal';
import type { Currency } from '@simplebank/kernel/money';
import type { NewActivity } from './activity.ts';
import type { Transaction } from './transaction.ts';

export type HoldPurpose = 'ORDER' | 'WITHDRAWAL' | 'LATE_FILL';

export type Hold = {
  readonly id: string;
  readonly ledgerAccountId: bigint;
  readonly purpose: HoldPurpose;
  /** One hold per purpose and reference. */
  readonly reference: string;
  readonly amount: Decimal;
  readonly currency: Currency;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
};

/** A part of a hold is spent, once per execution. */
export type Capture = {
  readonly holdId: string;
  readonly execution: string;
  readonly amount: Decimal;
  readonly transactionId: string;
  readonly at: Date;
};

/** The end of a hold; `amount` is what was left of it. */
export type Resolution = {
  readonly holdId: string;
  readonly kind: 'RELEASED' | 'EXPIRED' | 'CAPTURED';
  readonly amount: Decimal;
  readonly at: Date;
};

/** Money of an execution that moves between clearing and bank on its day. */
export type SettlementItem = {
  readonly id: string;
  readonly ledgerAccountId: bigint;
  readonly orderId: string;
  readonly executionId: string;
  readonly side: 'BUY' | 'SELL';
  readonly value: Decimal;
  /** What a sale adds to `unsettled`; zero for a buy. */
  readonly net: Decimal;
  readonly currency: Currency;
  readonly dueOn: string;
};

/** Facts of the ledger that are written together. */
export type Postings = {
  readonly holds: readonly Hold[];
  readonly transactions: readonly Transaction[];
  readonly captures: readonly Capture[];
  readonly settlements: readonly SettlementItem[];
  readonly resolutions: readonly Resolution[];
  /** What the customer is to read beside what the transactions say by themselves. */
  readonly notes: readonly NewActivity[];
};

export const noPostings: Postings = {
  holds: [],
  transactions: [],
  captures: [],
  settlements: [],
  resolutions: [],
  notes: [],
};

export const joinPostings = (all: readonly Partial<Postings>[]): Postings => ({
  holds: all.flatMap(({ holds }) => holds ?? []),
  transactions: all.flatMap(({ transactions }) => transactions ?? []),
  captures: all.flatMap(({ captures }) => captures ?? []),
  settlements: all.flatMap(({ settlements }) => settlements ?? []),
  resolutions: all.flatMap(({ resolutions }) => resolutions ?? []),
  notes: all.flatMap(({ notes }) => notes ?? []),
});

export type HoldState = {
  readonly id: string;
  readonly amount: Decimal;
  readonly captured: Decimal;
  readonly ended: boolean;
};

const leftOf = ({ amount, captured }: HoldState): Decimal => amount.minus(captured);

/** What is left goes back; a hold of which nothing is left was captured whole. */
export function resolve(
  hold: HoldState,
  { at, expired }: { at: Date; expired?: boolean },
): Resolution {
  const amount = leftOf(hold);
  const released = expired ? 'EXPIRED' : 'RELEASED';
  return { holdId: hold.id, kind: amount.isZero() ? 'CAPTURED' : released, amount, at };
}
