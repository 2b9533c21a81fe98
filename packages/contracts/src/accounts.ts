import { z } from 'zod';
import { currency, decimal, event, localDate, type PayloadOf } from './event.ts';

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

export const PaymentCanceledV1 = event('accounts.payment-canceled.v1', z.object(payment));
export type PaymentCanceledV1 = PayloadOf<typeof PaymentCanceledV1>;
