import { randomUUID } from 'node:crypto';
import {
  AccountOpenedV1,
  AccountStatusChangedV1,
  CustomerRegisteredV1,
  CustomerSignedInV1,
  DividendPaidV1,
  PasswordChangedV1,
  PaymentCompletedV1,
  PaymentFailedV1,
  PaymentReturnedV1,
  StatementReadyV1,
  TokensRevokedV1,
} from '@simplebank/contracts/accounts';
import type { Envelope, EventContract } from '@simplebank/contracts/event';
import { OrderCompletedV1, OrderRejectedV1 } from '@simplebank/contracts/orders';
import {
  PlanRunCompletedV1,
  PlanRunFailedV1,
  PlanRunSkippedV1,
  RebalanceCompletedV1,
  StrategyCreatedV1,
  StrategyOrderCompletedV1,
} from '@simplebank/contracts/strategies';
import { noon } from './builders.ts';

type Aggregate = { readonly id: string; readonly version?: number };

function anEvent<P>(
  contract: EventContract<string, P>,
  { id, version = 1 }: Aggregate,
  payload: P,
): string {
  const envelope: Envelope<P> = {
    eventId: randomUUID(),
    type: contract.name,
    aggregateId: id,
    aggregateVersion: version,
    occurredAt: noon,
    correlationId: `test-${id}`,
    causationId: null,
    traceparent: null,
    payload: contract.payload.parse(payload),
  };
  return JSON.stringify(envelope);
}

export const customerRegistered = (
  customerId: string,
  { name, email, version = 1 }: { name: string; email: string; version?: number },
): string =>
  anEvent(
    CustomerRegisteredV1,
    { id: customerId, version },
    { customerId, number: '1', name, email },
  );

type AccountGiven = {
  readonly accountId: string;
  readonly ownerIds: string[];
  readonly version?: number;
};

const accountCopy = ({ accountId, ownerIds }: AccountGiven) => ({
  ...{ accountId, number: '101', ownerIds, currency: 'USD' },
});

export const accountOpened = (given: AccountGiven): string =>
  anEvent(AccountOpenedV1, { id: given.accountId }, { ...accountCopy(given), status: 'ACTIVE' });

export const accountStatusChanged = (given: AccountGiven): string =>
  anEvent(
    AccountStatusChangedV1,
    { id: given.accountId, version: given.version ?? 2 },
    { ...accountCopy(given), status: 'LIMITED', reason: 'test' },
  );

const paymentOf = (accountId: string, kind: 'DEPOSIT' | 'WITHDRAWAL') => ({
  ...{ paymentId: randomUUID(), number: '7', accountId, kind, amount: '250.00', currency: 'USD' },
});

export const paymentCompleted = (
  accountId: string,
  kind: 'DEPOSIT' | 'WITHDRAWAL' = 'DEPOSIT',
): string => {
  const payment = paymentOf(accountId, kind);
  return anEvent(PaymentCompletedV1, { id: payment.paymentId, version: 2 }, payment);
};

export const paymentFailed = (accountId: string, kind: 'DEPOSIT' | 'WITHDRAWAL'): string => {
  const payment = paymentOf(accountId, kind);
  const aggregate = { id: payment.paymentId, version: 2 };
  return anEvent(PaymentFailedV1, aggregate, { ...payment, reason: 'refused' });
};

export const paymentReturned = (accountId: string, kind: 'DEPOSIT' | 'WITHDRAWAL'): string => {
  const payment = paymentOf(accountId, kind);
  const aggregate = { id: payment.paymentId, version: 3 };
  return anEvent(PaymentReturnedV1, aggregate, { ...payment, reason: 'no funds there' });
};

export const dividendPaid = (accountId: string, amount: string): string => {
  const actionId = randomUUID();
  const what = { actionId, accountId, assetId: randomUUID(), symbol: 'ABC', currency: 'USD' };
  return anEvent(DividendPaidV1, { id: actionId }, { ...what, amount, paidOn: '2026-01-30' });
};

export const statementReady = (accountId: string): string =>
  anEvent(
    StatementReadyV1,
    { id: accountId },
    { accountId, month: '2025-12', closing: '10.00', currency: 'USD', sha256: 'a'.repeat(64) },
  );

const orderOf = (accountId: string) => ({
  ...{ accountId, assetId: randomUUID(), symbol: 'ABC', side: 'BUY' as const, currency: 'USD' },
  ...{ code: null, strategyOrderId: null },
});

export const orderCompleted = (
  accountId: string,
  given: Partial<OrderCompletedV1> = {},
): string => {
  const orderId = randomUUID();
  return anEvent(
    OrderCompletedV1,
    { id: orderId, version: 5 },
    {
      ...{ orderId, ...orderOf(accountId), customerId: randomUUID(), status: 'FILLED' },
      ...{ filledQuantity: '2', value: '200.00', fees: '1.00', executions: 1 },
      ...given,
    },
  );
};

export const orderRejected = (accountId: string, orderId: string | null): string =>
  anEvent(
    OrderRejectedV1,
    { id: orderId ?? randomUUID(), version: 2 },
    { ...orderOf(accountId), orderId, code: 'ASSET_HALTED', strategyOrderId: randomUUID() },
  );

export const strategyOrderCompleted = (accountId: string): string => {
  const strategyOrderId = randomUUID();
  return anEvent(
    StrategyOrderCompletedV1,
    { id: strategyOrderId, version: 2 },
    {
      ...{ strategyOrderId, strategyId: randomUUID(), accountId, customerId: randomUUID() },
      status: 'COMPLETED',
    },
  );
};

export const strategyCreated = (name: string): string => {
  const strategyId = randomUUID();
  const slices = [{ assetId: null, percentage: '100.00' }];
  const version = { strategyId, number: '3', name, version: 1, slices };
  return anEvent(StrategyCreatedV1, { id: strategyId }, { ...version, createdById: randomUUID() });
};

const runOf = (accountId: string) => ({
  ...{ planRunId: randomUUID(), planId: randomUUID(), accountId, customerId: randomUUID() },
  period: '2026-01-30',
});

export const planRun = (
  accountId: string,
  end: 'COMPLETED' | 'SKIPPED' | 'FAILED',
  outcome: Pick<PlanRunCompletedV1, 'bought' | 'reasons'> = {},
): string => {
  const run = runOf(accountId);
  const aggregate = { id: run.planRunId, version: 2 };
  if (end === 'COMPLETED') {
    const completed = { ...run, strategyOrderId: randomUUID(), ...outcome };
    return anEvent(PlanRunCompletedV1, aggregate, completed);
  }
  const contract = end === 'SKIPPED' ? PlanRunSkippedV1 : PlanRunFailedV1;
  return anEvent(contract, aggregate, { ...run, reason: 'PAUSED' });
};

export const rebalanceCompleted = (accountId: string): string => {
  const run = { runId: randomUUID(), accountId, customerId: randomUUID() };
  return anEvent(RebalanceCompletedV1, { id: run.runId }, { ...run, status: 'COMPLETED' });
};

export const passwordChanged = (customerId: string): string =>
  anEvent(PasswordChangedV1, { id: randomUUID() }, { customerId });

export const tokensRevoked = (
  customerId: string,
  reason: TokensRevokedV1['reason'] = 'SIGNED_OUT_EVERYWHERE',
): string =>
  anEvent(
    TokensRevokedV1,
    { id: randomUUID() },
    { customerId, sessionId: null, exceptSessionId: null, reason },
  );

export const signedIn = (customerId: string): string => {
  const sessionId = randomUUID();
  return anEvent(CustomerSignedInV1, { id: sessionId }, { customerId, sessionId, channel: 'web' });
};
