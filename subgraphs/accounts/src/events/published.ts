import {
  AccountOpenedV1,
  AccountStatusChangedV1,
  CashCorrectedV1,
  CustomerRegisteredV1,
  CustomerSignedInV1,
  DividendPaidV1,
  FundsHeldV1,
  FundsRefusedV1,
  FundsSettledV1,
  MonthEndedV1,
  PasswordChangedV1,
  PaymentCanceledV1,
  PaymentCompletedV1,
  PaymentCreatedV1,
  PaymentFailedV1,
  PaymentReturnedV1,
  SessionCompromisedV1,
  SignUpRepeatedV1,
  StatementReadyV1,
  TokensRevokedV1,
} from '@simplebank/contracts/accounts';
import type { Cause, Fact } from '@simplebank/contracts/event';
import type { Account } from '../accounts/domain/account.ts';
import type { Payment } from '../payments/domain/payment.ts';
import type { Statement } from '../statements/domain/statement.ts';

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

export const customerSignedIn = (
  payload: CustomerSignedInV1,
  cause: Cause,
): Fact<CustomerSignedInV1> => ({
  contract: CustomerSignedInV1,
  aggregateId: payload.sessionId,
  aggregateVersion: 1,
  payload,
  cause,
});

/** Each revocation is its own aggregate: there is nothing whose state it would be. */
export const tokensRevoked = (
  { id, ...payload }: TokensRevokedV1 & { readonly id: string },
  cause: Cause,
): Fact<TokensRevokedV1> => ({
  contract: TokensRevokedV1,
  aggregateId: id,
  aggregateVersion: 1,
  payload,
  cause,
});

export const passwordChanged = (
  { id, ...payload }: PasswordChangedV1 & { readonly id: string },
  cause: Cause,
): Fact<PasswordChangedV1> => ({
  contract: PasswordChangedV1,
  aggregateId: id,
  aggregateVersion: 1,
  payload,
  cause,
});

export const sessionCompromised = (
  payload: SessionCompromisedV1,
  cause: Cause,
): Fact<SessionCompromisedV1> => ({
  contract: SessionCompromisedV1,
  aggregateId: payload.sessionId,
  aggregateVersion: 1,
  payload,
  cause,
});

export const signUpRepeated = (
  { id, ...payload }: SignUpRepeatedV1 & { readonly id: string },
  cause: Cause,
): Fact<SignUpRepeatedV1> => ({
  contract: SignUpRepeatedV1,
  aggregateId: id,
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

/** One for each booking that no payment, trade or dividend tells of; it names the aggregate. */
export const cashCorrected = (payload: CashCorrectedV1, cause: Cause): Fact<CashCorrectedV1> => ({
  contract: CashCorrectedV1,
  aggregateId: payload.transactionId,
  aggregateVersion: 1,
  payload,
  cause,
});

/** Each version of a dividend is paid once; a correction pays the difference. */
export const dividendPaid = (
  payload: DividendPaidV1,
  version: number,
  cause: Cause,
): Fact<DividendPaidV1> => ({
  contract: DividendPaidV1,
  aggregateId: `${payload.actionId}:${payload.accountId}`,
  aggregateVersion: version,
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

/** Announces the payment's state: created, completed, failed, canceled or returned. */
export function paymentFact(payment: Payment, cause: Cause): Fact {
  const { id, number, accountId, kind, amount, version, status } = payment;
  const shared = {
    paymentId: id,
    number,
    accountId,
    kind,
    amount: amount.amount.toFixed(),
    currency: amount.currency,
    planRunId: payment.planRunId,
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
        payload: { ...shared, reason: payment.failureReason ?? 'UNKNOWN' },
        ...about,
      };
    case 'CANCELED':
      return { contract: PaymentCanceledV1, payload: shared, ...about };
    case 'RETURNED':
      return {
        contract: PaymentReturnedV1,
        payload: { ...shared, reason: payment.returnReason ?? 'UNKNOWN' },
        ...about,
      };
    case 'SUBMITTED':
      throw new Error(`payment ${id}: that it was submitted is no event`);
    default:
      return unknownStatus(status);
  }
}

const unknownStatus = (status: never): never => {
  throw new Error(`unknown payment status ${String(status)}`);
};

/** The end of the month is its own cause; it ties the statement to its story. */
export const monthEnded = (payload: MonthEndedV1): Fact<MonthEndedV1> => ({
  contract: MonthEndedV1,
  aggregateId: `${payload.accountId}:${payload.month}`,
  aggregateVersion: 1,
  payload,
  cause: {
    correlationId: `${payload.accountId}:${payload.month}`,
    causationId: null,
    traceparent: null,
  },
});

export function statementReady(statement: Statement, cause: Cause): Fact<StatementReadyV1> {
  const { accountId, month, closing, currency, sha256 } = statement;
  return {
    contract: StatementReadyV1,
    aggregateId: `${accountId}:${month}`,
    aggregateVersion: 2,
    payload: { accountId, month, closing: closing.toFixed(), currency, sha256 },
    cause,
  };
}
