import { type Decimal, decimalsOf } from '@simplebank/kernel/decimal';
import { type Currency, minorDigitsOf } from '@simplebank/kernel/money';
import { ok, type Result, refuse } from '@simplebank/kernel/result';
import type { AccountCopy, AssetCopy, PaymentCopy } from '../../domain/copies.ts';
import type { Slice } from '../../domain/slice.ts';
import { isBelowMinimum, splitAmount } from '../../domain/split.ts';
import type { Strategy } from '../../strategies/domain/strategy.ts';
import { type Part, type PartStatus, type SkipReason, timedOut } from './part.ts';

export type StrategyOrderStatus =
  | 'WAITING_FOR_PAYMENT'
  | 'PLACING'
  | 'IN_PROGRESS'
  | 'COMPLETED'
  | 'COMPLETED_ADJUSTED'
  | 'FAILED'
  | 'CANCELED';

/** An investment. `cash` and `parts` are set when it leaves WAITING_FOR_PAYMENT. */
export type StrategyOrder = {
  readonly id: string;
  readonly number: bigint;
  readonly strategyId: string;
  readonly strategyVersion: number | null;
  readonly accountId: string;
  readonly customerId: string;
  readonly amount: Decimal;
  readonly currency: Currency;
  readonly cash: Decimal | null;
  readonly paymentId: string | null;
  readonly status: StrategyOrderStatus;
  readonly parts: readonly Part[];
  readonly createdAt: Date;
  /** Until when it waits: for its payment, and once it is placed for the orders of its parts. */
  readonly expiresAt: Date;
  readonly eventVersion: number;
};

/** A part together with the currency that its order has. */
export type PlacedPart = Part & { readonly currency: Currency };

export type InvestRefusalCode =
  | 'STRATEGY_NOT_ACTIVE'
  | 'AMOUNT_BELOW_MINIMUM'
  | 'AMOUNT_PRECISION'
  | 'PAYMENT_NOT_FOUND'
  | 'PAYMENT_OTHER_ACCOUNT'
  | 'PAYMENT_TOO_SMALL'
  | 'PAYMENT_USED'
  | 'ACCOUNT_STATUS'
  | 'IDEMPOTENCY_KEY_REUSED';

export type Investment = {
  readonly strategy: Strategy;
  readonly account: AccountCopy;
  readonly amount: Decimal;
  /** Undefined when cash is used, null when the payment that was named is unknown. */
  readonly payment: PaymentCopy | null | undefined;
};

/** What can be refused before anything is written; PAYMENT_USED is for the database to tell. */
export function checkInvestment(
  { strategy, account, amount, payment }: Investment,
  currency: Currency,
): Result<null, InvestRefusalCode> {
  if (strategy.state !== 'ACTIVE') return refuse('STRATEGY_NOT_ACTIVE');
  if (decimalsOf(amount) > minorDigitsOf(currency)) return refuse('AMOUNT_PRECISION');
  if (isBelowMinimum(amount)) return refuse('AMOUNT_BELOW_MINIMUM');
  if (account.status !== 'ACTIVE') return refuse('ACCOUNT_STATUS');
  return payment === undefined ? ok(null) : checkPayment(payment, account, amount);
}

function checkPayment(
  payment: PaymentCopy | null,
  account: AccountCopy,
  amount: Decimal,
): Result<null, InvestRefusalCode> {
  if (payment === null || payment.kind !== 'DEPOSIT') return refuse('PAYMENT_NOT_FOUND');
  if (payment.status === 'FAILED' || payment.status === 'CANCELED') {
    return refuse('PAYMENT_NOT_FOUND');
  }
  if (payment.accountId !== account.id) return refuse('PAYMENT_OTHER_ACCOUNT');
  if (payment.amount.lessThan(amount)) return refuse('PAYMENT_TOO_SMALL');
  return ok(null);
}

const nothingOrdered = { code: null, orderId: null, orderStatus: null, orderVersion: 0 };

type Version = { readonly version: number; readonly slices: readonly Slice[] };

/**
 * Orders that have not appeared by then are not waited for: twice as long as orders itself tries
 * to make one that lacks a first price.
 */
const answerWaitMs = 30 * 60_000;

type Market = { readonly assets: ReadonlyMap<string, AssetCopy>; readonly now: Date };

/** Fixes the version, cuts the amount and skips what cannot be ordered (domain §6.2). */
export function place(
  order: StrategyOrder,
  { version, slices }: Version,
  { assets, now }: Market,
): StrategyOrder {
  const { parts, cash } = splitAmount(order.amount, slices, minorDigitsOf(order.currency));
  const placed = parts.map((part): Part => {
    const skipReason = skipReasonOf(part.amount, assets.get(part.assetId));
    const status = skipReason === null ? 'REQUESTED' : 'SKIPPED';
    return { ...part, status, skipReason, ...nothingOrdered };
  });
  const expiresAt = new Date(now.getTime() + answerWaitMs);
  const set = { strategyVersion: version, cash, parts: placed, expiresAt };
  return { ...order, ...set, status: statusOf(placed) };
}

function skipReasonOf(amount: Decimal, asset: AssetCopy | undefined): SkipReason | null {
  if (isBelowMinimum(amount)) return 'BELOW_MINIMUM';
  if (asset?.state === 'HALTED') return 'HALTED';
  return asset?.state === 'ACTIVE' ? null : 'NOT_TRADABLE';
}

/** What is left of an order once it has waited long enough for its parts' orders. */
export function withoutAnswer(order: StrategyOrder): StrategyOrder {
  const parts = order.parts.map(timedOut);
  return { ...order, parts, status: statusOf(parts) };
}

/** The status of a placed order is a function of its parts, so no order of arrival matters. */
export function statusOf(parts: readonly Part[]): StrategyOrderStatus {
  const has = (status: PartStatus) => parts.some((part) => part.status === status);
  if (has('REQUESTED')) return 'PLACING';
  if (has('ORDERED')) return 'IN_PROGRESS';
  const adjusted = has('SKIPPED') || parts.some(({ orderStatus }) => orderStatus !== 'FILLED');
  return adjusted ? 'COMPLETED_ADJUSTED' : 'COMPLETED';
}

const ends = ['COMPLETED', 'COMPLETED_ADJUSTED', 'FAILED', 'CANCELED'] as const;
export type EndStatus = (typeof ends)[number];

export const endOf = (status: StrategyOrderStatus): EndStatus | null =>
  ends.find((end) => end === status) ?? null;

/** What an investment came to; `reasons` are those of its skipped parts, each once. */
export type Outcome = {
  readonly bought: 'ALL' | 'PART' | 'NOTHING';
  readonly reasons: readonly string[];
};

/** Null while something may still be ordered or bought. */
export function outcomeOf({ status, parts }: StrategyOrder): Outcome | null {
  const end = endOf(status);
  if (end === null) return null;
  if (end === 'COMPLETED') return { bought: 'ALL', reasons: [] };
  const skipped = parts.filter((part) => part.status === 'SKIPPED');
  const reasons = [...new Set(skipped.flatMap(({ code, skipReason }) => code ?? skipReason ?? []))];
  return { bought: skipped.length === parts.length ? 'NOTHING' : 'PART', reasons };
}
