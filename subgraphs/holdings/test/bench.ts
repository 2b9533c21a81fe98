import { randomUUID } from 'node:crypto';
import {
  type AssertionSigner,
  assertionHeader,
  createAssertionSigner,
  generateAssertionKeys,
  type Role,
  type Viewer,
} from '@simplebank/chassis/auth';
import { createLogger } from '@simplebank/chassis/logging';
import type { Envelope } from '@simplebank/contracts/event';
import pg from 'pg';
import { type App, buildApp } from '../src/app.ts';
import { loadConfig } from '../src/config.ts';
import { createTestDatabase } from './database.ts';

export const now = new Date('2026-11-23T15:00:00.000Z');

type Answer = {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly { message: string; extensions: Record<string, unknown> }[];
};

/** Holdings on a database of its own, reached as the others reach it: by HTTP and by events. */
export type Bench = {
  readonly app: App;
  readonly sql: pg.Pool;
  ask(viewer: Viewer, query: string, variables?: object): Promise<Answer>;
  /** One root field of an answer without errors. */
  read<T>(viewer: Viewer, query: string, variables?: object): Promise<T>;
  /** Hands event bodies to the worker as one batch. */
  deliver(...events: readonly Envelope[]): Promise<void>;
  close(): Promise<void>;
};

export async function openBench(settings: Record<string, string> = {}): Promise<Bench> {
  const database = await createTestDatabase('holdings');
  const keys = await generateAssertionKeys();
  const config = loadConfig({
    HOLDINGS_DATABASE_URL: database.url,
    ASSERTION_PUBLIC_KEYS: JSON.stringify(keys.publicKeys),
    ...settings,
  });
  const log = createLogger({ service: 'holdings', level: 'ERROR', destination: { write() {} } });
  const clock = { now: () => now };
  const app = await buildApp(config, { clock, newId: randomUUID, log, queues });
  await app.door.start();
  const signer = createAssertionSigner({ privateKey: keys.privateKey, issuer: 'web', clock });
  const sql = new pg.Pool({ connectionString: database.url, max: 4 });
  return {
    app,
    sql,
    ask: (viewer, query, variables) => post(app, signer, { viewer, body: { query, variables } }),
    read: async <T>(viewer: Viewer, query: string, variables?: object) => {
      const { data, errors } = await post(app, signer, { viewer, body: { query, variables } });
      const [value] = Object.values(data ?? {});
      if (errors || value === undefined) throw new Error(JSON.stringify(errors));
      return value as T;
    },
    deliver: (...events) => app.worker.applyBatch(events.map((event) => JSON.stringify(event))),
    async close() {
      await app.door.close();
      await app.deps.db.$disconnect();
      await sql.end();
      await database.drop();
    },
  };
}

/** Nothing is sent: the tests read the outbox, and deliver events themselves. */
const queues = {
  send: async () => {},
  consume: async () => ({ close: async () => {} }),
  close: async () => {},
};

type Post = { readonly viewer: Viewer; readonly body: object };

async function post(app: App, signer: AssertionSigner, { viewer, body }: Post): Promise<Answer> {
  const response = await fetch(new URL('/graphql', app.door.url), {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      [assertionHeader]: await signer.sign(viewer, 'holdings'),
    },
    body: JSON.stringify(body),
  });
  return (await response.json()) as Answer;
}

export const viewerOf = (customerId: string, ...roles: readonly Role[]): Viewer => ({
  kind: 'principal',
  customerId,
  roles: roles.length > 0 ? roles : ['customer'],
  channel: 'web',
  sessionId: null,
});
export const nobody: Viewer = { kind: 'anonymous', channel: 'web' };
