import { type Decimal, decimalsOf } from '@simplebank/kernel/decimal';
import { type Currency, type Money, minorDigitsOf, money } from '@simplebank/kernel/money';
import { ok, type Result, refuse } from '@simplebank/kernel/result';

export const paymentKinds = ['DEPOSIT', 'WITHDRAWAL'] as const;
export type PaymentKind = (typeof paymentKinds)[number];

export const paymentStatuses = [
  'CREATED',
  'SUBMITTED',
  'COMPLETED',
  'FAILED',
  'CANCELED',
  'RETURNED',
] as const;
export type PaymentStatus = (typeof paymentStatuses)[number];

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
  /** The run of a recurring plan that it pays for; null for what a customer asked for. */
  readonly planRunId: string | null;
  /** Raised with each state that others are told about: created, and how it ended. */
  readonly version: number;
  readonly createdAt: Date;
  readonly submittedAt: Date | null;
  /** When the provider had taken it; until then it is submitted again. */
  readonly acknowledgedAt: Date | null;
  /** When it was completed, failed or was canceled. */
  readonly endedAt: Date | null;
  /** When the money of a completed payment went back, and why. */
  readonly returnedAt: Date | null;
  readonly returnReason: string | null;
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

const dayMs = 86_400_000;
/** A deposit that nobody confirms fails after 7 days (domain §2.4). */
const depositLifeMs = 7 * dayMs;
/** The hold of a withdrawal expires after 14 days (domain §2.6). */
export const withdrawalHoldLifeMs = 14 * dayMs;

type Underway = Pick<Payment, 'kind' | 'createdAt' | 'submittedAt'>;

/** When a provider that has not answered has been silent for too long. */
export function overdueAt({ kind, createdAt, submittedAt }: Underway): Date {
  return kind === 'DEPOSIT'
    ? new Date((submittedAt ?? createdAt).getTime() + depositLifeMs)
    : new Date(createdAt.getTime() + withdrawalHoldLifeMs);
}

const pauseMsMin = 5_000;
const pauseMsMax = 3_600_000;

/**
 * When the provider is called again about a payment: soon when it is not known to have it, else
 * after as long as it has been under way, at most an hour, and in any case once it is overdue.
 */
export function nextCallAt(payment: Underway & Pick<Payment, 'acknowledgedAt'>, now: Date): Date {
  const since = payment.submittedAt ?? payment.createdAt;
  const pauseMs = payment.acknowledgedAt === null ? pauseMsMin : pauseAfter(since, now);
  const next = now.getTime() + pauseMs;
  const overdue = overdueAt(payment).getTime();
  return new Date(overdue > now.getTime() ? Math.min(next, overdue) : next);
}

/** Grows with the age of what is waited for, so that old trouble costs little. */
export const pauseAfter = (since: Date, now: Date): number =>
  Math.min(Math.max(now.getTime() - since.getTime(), pauseMsMin), pauseMsMax);
