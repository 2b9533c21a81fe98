import { randomUUID } from 'node:crypto';
import { createLogger } from '@simplebank/chassis/logging';
import type { Runtime } from '@simplebank/chassis/process';
import {
  AccountOpenedV1,
  AccountStatusChangedV1,
  CustomerRegisteredV1,
  PaymentCompletedV1,
  PaymentFailedV1,
} from '@simplebank/contracts/accounts';
import type { Envelope, EventContract } from '@simplebank/contracts/event';
import { OrderCompletedV1 } from '@simplebank/contracts/orders';
import { StrategyOrderCompletedV1 } from '@simplebank/contracts/strategies';
import { createVirtualClock } from '@simplebank/testkit/clock';
import { createTestDatabase } from '@simplebank/testkit/database';
import { createRecordingQueues } from '@simplebank/testkit/queues';
import { deliverDue } from '../src/commands/deliver-due.ts';
import { loadConfig } from '../src/config.ts';
import { connect } from '../src/data/client.ts';
import { type Deps, openDeps } from '../src/deps.ts';
import { buildWorker } from '../src/worker.ts';

const noon = '2026-01-30T17:00:00.000Z';
const roundsMax = 100;

/** A notifications process on a database of its own, with every line that it logs. */
export async function aService() {
  const database = await createTestDatabase('notifications');
  const config = loadConfig({ NOTIFICATIONS_DATABASE_URL: database.url });
  const clock = createVirtualClock(noon);
  const lines: string[] = [];
  const log = createLogger({
    service: 'notifications',
    destination: { write: (line) => lines.push(line) },
  });
  const runtime: Runtime = { clock, newId: randomUUID, log, queues: createRecordingQueues() };
  const deps = openDeps(config, runtime);
  const admin = connect(database.adminUrl);
  const start = (given: Partial<Deps> = {}) => {
    const own = { ...deps, ...given };
    return { deps: own, worker: buildWorker(own, runtime) };
  };
  return {
    ...{ deps, admin, clock, lines, start, worker: start().worker },
    async close() {
      await deps.db.$disconnect();
      await admin.$disconnect();
      await database.drop();
    },
  };
}
export type Service = Awaited<ReturnType<typeof aService>>;

/** Delivers until nothing is due. */
export async function deliverAll(deps: Deps): Promise<void> {
  for (let round = 0; round < roundsMax; round += 1) {
    if ((await deliverDue(deps)) === 0) return;
  }
}

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
  const contract = { id: payment.paymentId, version: 2 };
  return anEvent(PaymentFailedV1, contract, { ...payment, reason: 'refused' });
};

export const orderCompleted = (
  accountId: string,
  given: Partial<OrderCompletedV1> = {},
): string => {
  const orderId = randomUUID();
  return anEvent(
    OrderCompletedV1,
    { id: orderId, version: 5 },
    {
      ...{ orderId, accountId, assetId: randomUUID(), symbol: 'ABC', side: 'BUY', currency: 'USD' },
      ...{ code: null, strategyOrderId: null, customerId: randomUUID(), status: 'FILLED' },
      ...{ filledQuantity: '2', value: '200.00', fees: '1.00', executions: 1 },
      ...given,
    },
  );
};

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
