import { randomUUID } from 'node:crypto';
import type { Role, Viewer } from '@simplebank/chassis/auth';
import { createLogger } from '@simplebank/chassis/logging';
import type { Runtime } from '@simplebank/chassis/process';
import { createMemoryShared } from '@simplebank/chassis/shared';
import type { EventContract } from '@simplebank/contracts/event';
import {
  createSubgraphClient,
  createTestAssertions,
  type GraphqlError,
  type SubgraphClient,
} from '@simplebank/testkit/client';
import { createTestDatabase, type TestDatabase } from '@simplebank/testkit/database';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { type App, buildApp } from '../src/app.ts';
import { loadConfig } from '../src/config.ts';
import { marketTime } from './builders.ts';

/** The subgraph behind its real door and on its real database; queues are not asked here. */
export type Bank = {
  readonly app: App;
  /** Address of its database as the server's administrator, around all grants. */
  readonly adminUrl: string;
  readonly clock: { at: Date };
  readonly lines: Record<string, unknown>[];
  readonly ask: Ask;
  readonly deliver: (...events: readonly Told[]) => Promise<void>;
  readonly outbox: (type?: string) => Promise<OutboxRow[]>;
};

type Answer = {
  readonly status: number;
  readonly data: Record<string, unknown> | null;
  readonly errors: readonly (GraphqlError & { extensions: Record<string, unknown> })[];
};
type Ask = (viewer: Viewer, query: string, variables?: object) => Promise<Answer>;
type OutboxRow = {
  readonly type: string;
  readonly aggregateId: string;
  readonly aggregateVersion: number;
  readonly payload: Record<string, unknown>;
  readonly correlationId: string;
  readonly causationId: string | null;
};

/** An event as its queue carries it. */
export type Told = { readonly eventId: string; readonly body: string };

export function tell<P>(
  contract: EventContract<string, P>,
  aggregateId: string,
  { payload, version = 1 }: { readonly payload: P; readonly version?: number },
): Told {
  const eventId = randomUUID();
  const envelope = {
    eventId,
    type: contract.name,
    aggregateId,
    aggregateVersion: version,
    occurredAt: marketTime.toISOString(),
    correlationId: 'story-1',
    causationId: null,
    traceparent: null,
    payload: contract.payload.parse(payload),
  };
  return { eventId, body: JSON.stringify(envelope) };
}

export const customer = (customerId: string, ...roles: Role[]): Viewer => ({
  kind: 'principal',
  customerId,
  roles: roles.length > 0 ? roles : ['customer'],
  channel: 'federation',
  sessionId: null,
});
export const anonymous: Viewer = { kind: 'anonymous', channel: 'federation' };

const silentQueues: Runtime['queues'] = {
  send: async () => {},
  consume: async () => ({ close: async () => {} }),
  close: async () => {},
};

async function open(calendar: string): Promise<Opened> {
  const database = await createTestDatabase('orders');
  const assertions = await createTestAssertions();
  const clock = { at: marketTime };
  const lines: Record<string, unknown>[] = [];
  const log = createLogger({
    service: 'orders',
    destination: { write: (line) => lines.push(JSON.parse(line)) },
  });
  const config = loadConfig({
    ORDERS_PORT: '0',
    ORDERS_DATABASE_URL: database.url,
    ORDERS_DATABASE_POOL_MAX: '24',
    ASSERTION_PUBLIC_KEYS: assertions.publicKeys,
    MARKET_CALENDAR: calendar,
  });
  const outside = { queues: silentQueues, shared: createMemoryShared({ log }) };
  const runtime = { clock: { now: () => clock.at }, newId: randomUUID, log, ...outside };
  const app = await buildApp(config, runtime);
  await app.door.start();
  const { url } = app.door;
  const client = createSubgraphClient({
    url,
    audience: 'orders',
    assertions,
    clock: runtime.clock,
  });
  return { database, app, clock, lines, client };
}

type Opened = {
  readonly database: TestDatabase;
  readonly app: App;
  readonly clock: { at: Date };
  readonly lines: Record<string, unknown>[];
  readonly client: SubgraphClient;
};

const askOf =
  ({ client }: Opened): Ask =>
  async (viewer, query, variables = {}) => {
    const asked = { requestId: 'request-1' };
    const answer = await client.as(viewer).answer<Answer['data']>(query, variables, asked);
    const errors = answer.errors.map((error) => ({ ...error, extensions: error.extensions ?? {} }));
    return { ...answer, errors };
  };

async function outboxOf({ db }: App['deps'], type?: string): Promise<OutboxRow[]> {
  const rows = await db.outboxEvent.findMany({ orderBy: { position: 'asc' } });
  return rows
    .filter((row) => type === undefined || row.type === type)
    .map(({ body, ...row }) => {
      const { payload, correlationId, causationId } = JSON.parse(body);
      const { aggregateId, aggregateVersion } = row;
      const story = { correlationId, causationId };
      return { type: row.type, aggregateId, aggregateVersion, payload, ...story };
    });
}

/** One bank per test file; the clock goes back to the market's hours before each test. */
export function useBank(calendar = 'nyse'): Bank {
  let opened: Opened | null = null;
  const now = (): Opened => {
    if (!opened) throw new Error('the bank is not open yet');
    return opened;
  };
  beforeAll(async () => {
    opened = await open(calendar);
  });
  beforeEach(() => {
    now().clock.at = marketTime;
    now().lines.length = 0;
  });
  afterAll(async () => {
    await opened?.app.door.close();
    await opened?.app.deps.db.$disconnect();
    await opened?.database.drop();
  });
  return {
    get app() {
      return now().app;
    },
    get adminUrl() {
      return now().database.adminUrl;
    },
    get clock() {
      return now().clock;
    },
    get lines() {
      return now().lines;
    },
    ask: (viewer, query, variables) => askOf(now())(viewer, query, variables),
    deliver: (...events) => now().app.worker.applyBatch(events.map(({ body }) => body)),
    outbox: (type) => outboxOf(now().app.deps, type),
  };
}
