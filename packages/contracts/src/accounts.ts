import { z } from 'zod';
import { currency, decimal, event, localDate, localMonth, type PayloadOf } from './event.ts';

export const accountStatuses = [
  'ONBOARDING',
  'SUBMITTED',
  'ACTION_REQUIRED',
  'REJECTED',
  'ACTIVE',
  'LIMITED',
  'FROZEN',
  'CLOSING',
  'CLOSED',
] as const;

/** A whole descriptive copy, so that either event alone is enough; the highest version wins. */
const accountCopy = {
  accountId: z.uuid(),
  number: z.string(),
  ownerIds: z.array(z.uuid()).min(1),
  currency,
  status: z.enum(accountStatuses),
};

/** Feeds the contact copy of notifications, the only reason that name and email travel. */
export const CustomerRegisteredV1 = event(
  'accounts.customer-registered.v1',
  z.object({ customerId: z.uuid(), number: z.string(), name: z.string(), email: z.string() }),
);
export type CustomerRegisteredV1 = PayloadOf<typeof CustomerRegisteredV1>;

/** One per session, so its version is always 1. */
export const CustomerSignedInV1 = event(
  'accounts.customer-signed-in.v1',
  z.object({ customerId: z.uuid(), sessionId: z.uuid(), channel: z.string() }),
);
export type CustomerSignedInV1 = PayloadOf<typeof CustomerSignedInV1>;

/**
 * Sessions have ended and their tokens are void: the one of `sessionId`, or, when it is null, all
 * of the customer but `exceptSessionId`.
 */
export const TokensRevokedV1 = event(
  'accounts.tokens-revoked.v1',
  z.object({
    customerId: z.uuid(),
    sessionId: z.uuid().nullable(),
    exceptSessionId: z.uuid().nullable(),
    reason: z.enum(['SIGNED_OUT', 'SIGNED_OUT_EVERYWHERE', 'PASSWORD_CHANGED']),
  }),
);
export type TokensRevokedV1 = PayloadOf<typeof TokensRevokedV1>;

export const PasswordChangedV1 = event(
  'accounts.password-changed.v1',
  z.object({ customerId: z.uuid() }),
);
export type PasswordChangedV1 = PayloadOf<typeof PasswordChangedV1>;

/**
 * A refresh token was in hands that it was not given to: used twice, or shown without the key of
 * its device. The session has ended, and the customer should hear of it.
 */
export const SessionCompromisedV1 = event(
  'accounts.session-compromised.v1',
  z.object({
    customerId: z.uuid(),
    sessionId: z.uuid(),
    channel: z.string(),
    reason: z.enum(['TOKEN_REUSED', 'DEVICE_UNPROVEN']),
  }),
);
export type SessionCompromisedV1 = PayloadOf<typeof SessionCompromisedV1>;

/**
 * Somebody has tried to sign up with the customer's email, which only the customer is told: whoever
 * tried gets the answer of a first sign-up. At most one a day.
 */
export const SignUpRepeatedV1 = event(
  'accounts.sign-up-repeated.v1',
  z.object({ customerId: z.uuid() }),
);
export type SignUpRepeatedV1 = PayloadOf<typeof SignUpRepeatedV1>;

export const AccountOpenedV1 = event('accounts.account-opened.v1', z.object(accountCopy));
export type AccountOpenedV1 = PayloadOf<typeof AccountOpenedV1>;

export const AccountStatusChangedV1 = event(
  'accounts.account-status-changed.v1',
  z.object({ ...accountCopy, reason: z.string() }),
);
export type AccountStatusChangedV1 = PayloadOf<typeof AccountStatusChangedV1>;

/** Accounts has set the order's cost and fee estimate aside. */
export const FundsHeldV1 = event(
  'accounts.funds-held.v1',
  z.object({ orderId: z.uuid(), accountId: z.uuid(), amount: decimal, currency }),
);
export type FundsHeldV1 = PayloadOf<typeof FundsHeldV1>;

export const FundsRefusedV1 = event(
  'accounts.funds-refused.v1',
  z.object({
    orderId: z.uuid(),
    accountId: z.uuid(),
    code: z.enum(['INSUFFICIENT_FUNDS', 'ACCOUNT_STATUS']),
  }),
);
export type FundsRefusedV1 = PayloadOf<typeof FundsRefusedV1>;

/** An execution has settled: its money moved between clearing and bank. */
export const FundsSettledV1 = event(
  'accounts.funds-settled.v1',
  z.object({
    accountId: z.uuid(),
    orderId: z.uuid(),
    executionId: z.string(),
    amount: decimal,
    currency,
    settlementDate: localDate,
  }),
);
export type FundsSettledV1 = PayloadOf<typeof FundsSettledV1>;

const payment = {
  paymentId: z.uuid(),
  number: z.string(),
  accountId: z.uuid(),
  kind: z.enum(['DEPOSIT', 'WITHDRAWAL']),
  amount: decimal,
  currency,
  /** The run of a recurring plan that the deposit pays for. */
  planRunId: z.uuid().nullable().optional(),
};

export const PaymentCreatedV1 = event('accounts.payment-created.v1', z.object(payment));
export type PaymentCreatedV1 = PayloadOf<typeof PaymentCreatedV1>;

export const PaymentCompletedV1 = event('accounts.payment-completed.v1', z.object(payment));
export type PaymentCompletedV1 = PayloadOf<typeof PaymentCompletedV1>;

export const PaymentFailedV1 = event(
  'accounts.payment-failed.v1',
  z.object({ ...payment, reason: z.string() }),
);
export type PaymentFailedV1 = PayloadOf<typeof PaymentFailedV1>;

/** Money of a completed payment has gone back; a deposit that is not there any more may be owed. */
export const PaymentReturnedV1 = event(
  'accounts.payment-returned.v1',
  z.object({ ...payment, reason: z.string() }),
);
export type PaymentReturnedV1 = PayloadOf<typeof PaymentReturnedV1>;

export const PaymentCanceledV1 = event('accounts.payment-canceled.v1', z.object(payment));
export type PaymentCanceledV1 = PayloadOf<typeof PaymentCanceledV1>;

const ofMonth = { accountId: z.uuid(), month: localMonth };

/** A month is over in New York: whoever has something for the account's statement says it. */
export const MonthEndedV1 = event('accounts.month-ended.v1', z.object(ofMonth));
export type MonthEndedV1 = PayloadOf<typeof MonthEndedV1>;

/** The statement of a month is written and will not change. */
export const StatementReadyV1 = event(
  'accounts.statement-ready.v1',
  z.object({ ...ofMonth, closing: decimal, currency, sha256: z.string().length(64) }),
);
export type StatementReadyV1 = PayloadOf<typeof StatementReadyV1>;

/** A deposit for a plan's run could not be made; the code is the refusal of `createDeposit`. */
export const PlanFundingRefusedV1 = event(
  'accounts.plan-funding-refused.v1',
  z.object({ planRunId: z.uuid(), accountId: z.uuid(), code: z.string() }),
);
export type PlanFundingRefusedV1 = PayloadOf<typeof PlanFundingRefusedV1>;

/** `amount` is what this booking paid; it is negative when a dividend had been told too high. */
export const DividendPaidV1 = event(
  'accounts.dividend-paid.v1',
  z.object({
    actionId: z.uuid(),
    accountId: z.uuid(),
    assetId: z.uuid(),
    symbol: z.string(),
    amount: decimal,
    currency,
    paidOn: localDate,
  }),
);
export type DividendPaidV1 = PayloadOf<typeof DividendPaidV1>;

/**
 * A booking that is no payment, trade or dividend has changed what a customer has, cash less debt,
 * by `amount`.
 */
export const CashCorrectedV1 = event(
  'accounts.cash-corrected.v1',
  z.object({
    accountId: z.uuid(),
    transactionId: z.uuid(),
    amount: decimal,
    currency,
    bookedOn: localDate,
  }),
);
export type CashCorrectedV1 = PayloadOf<typeof CashCorrectedV1>;
