import { type Decimal, decimalsOf } from '@simplebank/kernel/decimal';
import { type Currency, type Money, minorDigitsOf, money } from '@simplebank/kernel/money';
import { ok, type Result, refuse } from '@simplebank/kernel/result';

export type PaymentKind = 'DEPOSIT' | 'WITHDRAWAL';
export type PaymentStatus = 'CREATED' | 'SUBMITTED' | 'COMPLETED' | 'FAILED' | 'CANCELED';

export type Payment = {
  readonly id: string;
  readonly number: string;
  readonly accountId: string;
  readonly kind: PaymentKind;
  readonly status: PaymentStatus;
  readonly amount: Money;
  readonly reference: string | null;
  readonly failureReason: string | null;
  readonly createdById: string;
  /** Raised with each state that others are told about: created, and how it ended. */
  readonly version: number;
  readonly createdAt: Date;
  readonly submittedAt: Date | null;
  /** When the provider had taken it; until then it is submitted again. */
  readonly acknowledgedAt: Date | null;
  readonly endedAt: Date | null;
};

export type AmountRefusal = {
  readonly code: 'AMOUNT_NOT_POSITIVE' | 'AMOUNT_PRECISION' | 'AMOUNT_ABOVE_LIMIT';
};

/** The most that one payment may move, in units of the currency. */
const amountMax: Readonly<Record<Currency, number>> = { USD: 1_000_000 };

/** Positive, at the currency's exponent, within the limit. */
export function paymentAmount(amount: Decimal, currency: Currency): Result<Money, AmountRefusal> {
  if (!amount.greaterThan(0)) return refuse({ code: 'AMOUNT_NOT_POSITIVE' });
  if (decimalsOf(amount) > minorDigitsOf(currency)) return refuse({ code: 'AMOUNT_PRECISION' });
  if (amount.greaterThan(amountMax[currency])) return refuse({ code: 'AMOUNT_ABOVE_LIMIT' });
  return ok(money(amount, currency));
}

/** CREATED → CANCELED; later the money is on its way and cannot be called back. */
export function cancel(payment: Payment, at: Date): Result<Payment, { code: 'NOT_CANCELABLE' }> {
  if (payment.status !== 'CREATED') return refuse({ code: 'NOT_CANCELABLE' });
  return ok(ended(payment, { status: 'CANCELED', endedAt: at }));
}

/** SUBMITTED → COMPLETED. Null when the payment has ended before: a notice comes more than once. */
export function complete(payment: Payment, at: Date): Payment | null {
  if (payment.status !== 'SUBMITTED') return null;
  return ended(payment, { status: 'COMPLETED', endedAt: at });
}

/** SUBMITTED → FAILED. Null when the payment has ended before. */
export function fail(payment: Payment, reason: string, at: Date): Payment | null {
  if (payment.status !== 'SUBMITTED') return null;
  return ended(payment, { status: 'FAILED', failureReason: reason, endedAt: at });
}

const ended = (payment: Payment, end: Partial<Payment>): Payment => ({
  ...payment,
  ...end,
  version: payment.version + 1,
});

const dayMs = 86_400_000;
/** A deposit that nobody confirms fails after 7 days (domain §2.4). */
const depositLifeMs = 7 * dayMs;
/** The hold of a withdrawal expires after 14 days (domain §2.6). */
export const withdrawalHoldLifeMs = 14 * dayMs;

/** True when the provider has been silent for too long. */
export function isOverdue({ kind, createdAt, submittedAt }: Payment, now: Date): boolean {
  const [since, lifeMs] =
    kind === 'DEPOSIT'
      ? [submittedAt ?? createdAt, depositLifeMs]
      : [createdAt, withdrawalHoldLifeMs];
  return now.getTime() - since.getTime() >= lifeMs;
}
