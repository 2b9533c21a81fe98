import {
  AccountOpenedV1,
  AccountStatusChangedV1,
  CustomerRegisteredV1,
  FundsHeldV1,
  FundsRefusedV1,
  FundsSettledV1,
  PaymentCanceledV1,
  PaymentCompletedV1,
  PaymentCreatedV1,
  PaymentFailedV1,
} from '@simplebank/contracts/accounts';
import type { Cause, Fact } from '@simplebank/contracts/event';
import type { Account } from '../accounts/domain/account.ts';
import type { Payment } from '../payments/domain/payment.ts';

export const customerRegistered = (
  payload: CustomerRegisteredV1,
  cause: Cause,
): Fact<CustomerRegisteredV1> => ({
  contract: CustomerRegisteredV1,
  aggregateId: payload.customerId,
  aggregateVersion: 1,
  payload,
  cause,
});

const copyOf = ({ id, number, ownerIds, currency, status }: Account): AccountOpenedV1 => ({
  accountId: id,
  number,
  ownerIds: [...ownerIds],
  currency,
  status,
});

export const accountOpened = (account: Account, cause: Cause): Fact<AccountOpenedV1> => ({
  contract: AccountOpenedV1,
  aggregateId: account.id,
  aggregateVersion: account.version,
  payload: copyOf(account),
  cause,
});

export type StatusChange = { readonly account: Account; readonly reason: string };

export const accountStatusChanged = (
  { account, reason }: StatusChange,
  cause: Cause,
): Fact<AccountStatusChangedV1> => ({
  contract: AccountStatusChangedV1,
  aggregateId: account.id,
  aggregateVersion: account.version,
  payload: { ...copyOf(account), reason },
  cause,
});

/** The answer to an order's wish for money. Each order gets one, so its version is 1. */
export const fundsHeld = (payload: FundsHeldV1, cause: Cause): Fact<FundsHeldV1> => ({
  contract: FundsHeldV1,
  aggregateId: payload.orderId,
  aggregateVersion: 1,
  payload,
  cause,
});

export const fundsRefused = (payload: FundsRefusedV1, cause: Cause): Fact<FundsRefusedV1> => ({
  contract: FundsRefusedV1,
  aggregateId: payload.orderId,
  aggregateVersion: 1,
  payload,
  cause,
});

/** An execution settles once, so it is its own aggregate. */
export const fundsSettled = (payload: FundsSettledV1, cause: Cause): Fact<FundsSettledV1> => ({
  contract: FundsSettledV1,
  aggregateId: `${payload.orderId}:${payload.executionId}`,
  aggregateVersion: 1,
  payload,
  cause,
});

/** Announces the payment's state: created, completed, failed or canceled. */
export function paymentFact(payment: Payment, cause: Cause): Fact {
  const { id, number, accountId, kind, amount, version, status, failureReason } = payment;
  const shared = {
    paymentId: id,
    number,
    accountId,
    kind,
    amount: amount.amount.toFixed(),
    currency: amount.currency,
  };
  const about = { aggregateId: id, aggregateVersion: version, cause };
  switch (status) {
    case 'CREATED':
      return { contract: PaymentCreatedV1, payload: shared, ...about };
    case 'COMPLETED':
      return { contract: PaymentCompletedV1, payload: shared, ...about };
    case 'FAILED':
      return {
        contract: PaymentFailedV1,
        payload: { ...shared, reason: failureReason ?? 'UNKNOWN' },
        ...about,
      };
    case 'CANCELED':
      return { contract: PaymentCanceledV1, payload: shared, ...about };
    case 'SUBMITTED':
      throw new Error(`payment ${id}: that it was submitted is no event`);
    default:
      return unknownStatus(status);
  }
}

const unknownStatus = (status: never): never => {
  throw new Error(`unknown payment status ${String(status)}`);
};
