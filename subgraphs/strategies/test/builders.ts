import { randomUUID } from 'node:crypto';
import { createLogger } from '@simplebank/chassis/logging';
import type { Runtime } from '@simplebank/chassis/process';
import { createMemoryShared } from '@simplebank/chassis/shared';
import {
  AccountOpenedV1,
  PaymentCanceledV1,
  PaymentCompletedV1,
  PaymentCreatedV1,
  PaymentFailedV1,
} from '@simplebank/contracts/accounts';
import { AssetUpdatedV1 } from '@simplebank/contracts/assets';
import type { Envelope, EventContract } from '@simplebank/contracts/event';
import { OrderCompletedV1, OrderCreatedV1, OrderRejectedV1 } from '@simplebank/contracts/orders';
import {
  createSubgraphClient,
  createTestAssertions,
  type SubgraphClient,
} from '@simplebank/testkit/client';
import { createVirtualClock } from '@simplebank/testkit/clock';
import { createTestDatabase } from '@simplebank/testkit/database';
import { createRecordingQueues } from '@simplebank/testkit/queues';
import { buildApp } from '../src/app.ts';
import { loadConfig } from '../src/config.ts';
import { connect } from '../src/data/client.ts';

const noon = '2026-01-30T17:00:00.000Z';
let numbers = 100;
const nextNumber = () => String(++numbers);

/** A strategies process with its door on a free port and a database of its own. */
export async function aSubgraph() {
  const database = await createTestDatabase('strategies');
  const assertions = await createTestAssertions();
  const config = loadConfig({
    STRATEGIES_PORT: '0',
    STRATEGIES_DATABASE_URL: database.url,
    ASSERTION_PUBLIC_KEYS: assertions.publicKeys,
    STRATEGIES_PAYMENT_WAIT_MS: '300',
  });
  const clock = createVirtualClock(noon);
  const log = createLogger({ service: 'strategies', destination: { write: () => {} } });
  const outside = { queues: createRecordingQueues(), shared: createMemoryShared({ log }) };
  const runtime: Runtime = { clock, newId: randomUUID, log, ...outside };
  const { door, worker, deps } = await buildApp(config, runtime);
  await door.start();
  const client: SubgraphClient = createSubgraphClient({
    url: door.url,
    audience: 'strategies',
    assertions,
    clock,
  });
  const admin = connect(database.adminUrl);
  return {
    ...{ client, worker, deps, clock, admin },
    async close() {
      await door.close();
      await deps.db.$disconnect();
      await admin.$disconnect();
      await database.drop();
    },
  };
}
export type Subgraph = Awaited<ReturnType<typeof aSubgraph>>;

type Aggregate = { readonly id: string; readonly version?: number };

export function anEvent<P>(
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

export const accountOpened = (accountId: string, given: Partial<AccountOpenedV1> = {}): string =>
  anEvent(
    AccountOpenedV1,
    { id: accountId },
    {
      ...{ accountId, number: nextNumber(), ownerIds: [randomUUID()], currency: 'USD' },
      status: 'ACTIVE',
      ...given,
    },
  );

export const assetUpdated = (
  assetId: string,
  { version = 1, ...given }: Partial<AssetUpdatedV1> & { readonly version?: number } = {},
): string =>
  anEvent(
    AssetUpdatedV1,
    { id: assetId, version },
    {
      ...{ assetId, symbol: 'ABC', name: 'Abc', type: 'STOCK', sector: null, currency: 'USD' },
      ...{ fractionable: true, state: 'ACTIVE' },
      ...given,
    },
  );

const paymentContracts = {
  CREATED: PaymentCreatedV1,
  COMPLETED: PaymentCompletedV1,
  FAILED: PaymentFailedV1,
  CANCELED: PaymentCanceledV1,
} as const;

export const payment = (
  status: keyof typeof paymentContracts,
  given: {
    readonly id: string;
    readonly accountId: string;
    readonly amount?: string;
    readonly planRunId?: string;
    readonly version?: number;
  },
): string => {
  const { id, accountId, amount = '1000', planRunId = null } = given;
  const { version = status === 'CREATED' ? 1 : 2 } = given;
  const contract: EventContract<string, PaymentCreatedV1 & { reason: string }> = paymentContracts[
    status
  ] as never;
  return anEvent(
    contract,
    { id, version },
    {
      ...{ paymentId: id, number: BigInt(`0x${id.slice(0, 8)}`).toString(), accountId },
      ...{ kind: 'DEPOSIT', amount, currency: 'USD', reason: 'refused', planRunId },
    },
  );
};

export type PartOrder = {
  readonly orderId: string;
  readonly strategyOrderId: string;
  readonly accountId: string;
  readonly assetId: string;
};

export const orderCreated = ({ orderId, ...part }: PartOrder): string =>
  anEvent(
    OrderCreatedV1,
    { id: orderId },
    {
      ...{ orderId, ...part, symbol: 'ABC', side: 'BUY', currency: 'USD' },
      ...{ customerId: randomUUID(), type: 'MARKET', timeInForce: 'DAY', quantity: null },
      ...{ amount: '200', limitPrice: null, holdAmount: '200' },
    },
  );

export const orderRejected = (
  { orderId, ...part }: Omit<PartOrder, 'orderId'> & { readonly orderId: string | null },
  code: string,
): string =>
  anEvent(
    OrderRejectedV1,
    { id: orderId ?? part.strategyOrderId, version: 2 },
    { orderId, ...part, symbol: 'ABC', side: 'BUY', currency: 'USD', code },
  );

export const orderCompleted = (
  { orderId, ...part }: PartOrder,
  status: OrderCompletedV1['status'] = 'FILLED',
): string =>
  anEvent(
    OrderCompletedV1,
    { id: orderId, version: 6 },
    {
      ...{ orderId, ...part, symbol: 'ABC', side: 'BUY', currency: 'USD', code: null },
      ...{ customerId: randomUUID(), status, filledQuantity: '1', value: '199', fees: '1' },
      executions: 1,
    },
  );
