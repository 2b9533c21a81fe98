import { randomUUID } from 'node:crypto';
import type { Role, Viewer } from '@simplebank/chassis/auth';
import { createLogger } from '@simplebank/chassis/logging';
import { createMemoryShared } from '@simplebank/chassis/shared';
import type { Envelope } from '@simplebank/contracts/event';
import {
  type Answer,
  createSubgraphClient,
  createTestAssertions,
} from '@simplebank/testkit/client';
import { createVirtualClock } from '@simplebank/testkit/clock';
import { createTestDatabase } from '@simplebank/testkit/database';
import { createRecordingQueues } from '@simplebank/testkit/queues';
import pg from 'pg';
import { type App, buildApp } from '../src/app.ts';
import { loadConfig } from '../src/config.ts';

export const now = new Date('2026-11-23T15:00:00.000Z');

type Fields = Readonly<Record<string, unknown>>;

/** Holdings on a database of its own, reached as the others reach it: by HTTP and by events. */
export type Bench = {
  readonly app: App;
  ask(viewer: Viewer, query: string, variables?: object): Promise<Answer<Fields>>;
  /** One root field of an answer without errors. */
  read<T>(viewer: Viewer, query: string, variables?: object): Promise<T>;
  /** Around the application, as the superuser. */
  readonly sql: pg.Pool;
  /** Address of the database as the service's own role. */
  readonly roleUrl: string;
  /** Hands events to the worker as one batch. */
  deliver(...events: readonly Envelope[]): Promise<void>;
  close(): Promise<void>;
};

export async function openBench(settings: Record<string, string> = {}): Promise<Bench> {
  const [database, assertions] = await Promise.all([
    createTestDatabase('holdings'),
    createTestAssertions(),
  ]);
  const config = loadConfig({
    HOLDINGS_PORT: '0',
    HOLDINGS_DATABASE_URL: database.url,
    ASSERTION_PUBLIC_KEYS: assertions.publicKeys,
    ...settings,
  });
  const clock = createVirtualClock(now);
  const log = createLogger({ service: 'holdings', level: 'ERROR', destination: { write() {} } });
  const queues = createRecordingQueues();
  const shared = createMemoryShared({ log });
  const app = await buildApp(config, { clock, newId: randomUUID, log, queues, shared });
  await app.door.start();
  const client = createSubgraphClient({
    url: app.door.url,
    audience: 'holdings',
    assertions,
    clock,
  });
  const sql = new pg.Pool({ connectionString: database.adminUrl, max: 4 });
  return {
    app,
    ask: (viewer, query, variables) => client.as(viewer).answer<Fields>(query, variables),
    read: async <T>(viewer: Viewer, query: string, variables?: object) => {
      const data = await client.as(viewer).ask<Fields>(query, variables);
      return Object.values(data)[0] as T;
    },
    sql,
    roleUrl: database.url,
    deliver: (...events) => app.worker.applyBatch(events.map((event) => JSON.stringify(event))),
    async close() {
      await app.door.close();
      await app.deps.db.$disconnect();
      await sql.end();
      await database.drop();
    },
  };
}

export const viewerOf = (customerId: string, ...roles: readonly Role[]): Viewer => ({
  kind: 'principal',
  customerId,
  roles: roles.length > 0 ? roles : ['customer'],
  channel: 'web',
  sessionId: null,
});
export const nobody: Viewer = { kind: 'anonymous', channel: 'web' };
