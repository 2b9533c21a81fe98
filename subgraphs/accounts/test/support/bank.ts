import { randomUUID } from 'node:crypto';
import type { Channel, Role, Viewer } from '@simplebank/chassis/auth';
import type { Logger } from '@simplebank/chassis/logging';
import { createMemoryShared } from '@simplebank/chassis/shared';
import type { Envelope } from '@simplebank/contracts/event';
import type { Clock } from '@simplebank/kernel/clock';
import {
  createSubgraphClient,
  createTestAssertions,
  type GraphqlError,
} from '@simplebank/testkit/client';
import { createVirtualClock } from '@simplebank/testkit/clock';
import { createTestDatabase } from '@simplebank/testkit/database';
import { createRecordingQueues } from '@simplebank/testkit/queues';
import { exportJWK, generateKeyPair } from 'jose';
import { buildDoor } from '../../src/app.ts';
import { loadConfig } from '../../src/config.ts';
import { type Deps, openDeps } from '../../src/deps.ts';
import { buildWorker, jobs } from '../../src/worker.ts';

type LogLine = { readonly level: string; readonly fields: object; readonly message: string };

export type BankOptions = {
  readonly env?: Readonly<Record<string, string>>;
  /** Instead of the one to turn by hand. */
  readonly clock?: Clock;
};

/** The accounts context with its own database, a clock to turn by hand, and no running jobs. */
export async function startBank({ env = {}, clock: given }: BankOptions = {}) {
  const database = await createTestDatabase('accounts');
  const assertions = await createTestAssertions();
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const signingKey = { ...(await exportJWK(privateKey)), kid: 'test-key' };
  const config = loadConfig({
    ACCOUNTS_PORT: '0',
    ACCOUNTS_DATABASE_URL: database.url,
    ASSERTION_PUBLIC_KEYS: assertions.publicKeys,
    ACCOUNTS_TOKEN_PRIVATE_KEY: JSON.stringify(signingKey),
    ACCOUNTS_SCRYPT_COST: '10',
    ACCOUNTS_DATA_KEYS: dataKeys('test-key'),
    ACCOUNTS_VERIFICATION_DELAY_MS: '0',
    ...env,
  });
  const clock = createVirtualClock('2026-11-20T15:00:00.000Z');
  const time = given ?? clock;
  const lines: LogLine[] = [];
  const queues = createRecordingQueues();
  const log = recordingLog(lines);
  const shared = createMemoryShared({ log });
  const runtime = { clock: time, newId: randomUUID, log, queues, shared };
  const deps = await openDeps(config, runtime);
  const door = await buildDoor(deps, config);
  await door.start();
  const worker = buildWorker(deps);
  const client = createSubgraphClient({
    url: door.url,
    audience: 'accounts',
    assertions,
    clock: time,
  });

  return {
    ...{ deps, clock, lines, worker, url: door.url, databaseUrl: database.adminUrl },
    /** Asks through the HTTP door as a gateway would for this viewer. */
    as:
      (viewer: Viewer) =>
      async (query: string, variables?: object): Promise<Answer> => {
        const { data, errors } = await client.as(viewer).answer<Answer['data']>(query, variables);
        return errors.length > 0 ? { data: data ?? null, errors } : { data: data ?? null };
      },
    runJob: (name: string) => runJob(deps, name),
    /** Every event that was written, oldest first. */
    published: async (type?: string): Promise<Envelope[]> => {
      const rows = await deps.db.outboxEvent.findMany({ orderBy: { position: 'asc' } });
      const events = rows.map(({ body }) => JSON.parse(body) as Envelope);
      return type ? events.filter((event) => event.type === type) : events;
    },
    stop: async () => {
      await door.close();
      await deps.db.$disconnect();
      await database.drop();
    },
  };
}
export type Bank = Awaited<ReturnType<typeof startBank>>;

/** Keys for personal data of these ids, the same in every test. */
export const dataKeys = (...ids: readonly string[]): string =>
  JSON.stringify({
    keys: ids.map((kid) => ({ kty: 'oct', kid, k: Buffer.alloc(32, kid).toString('base64url') })),
  });

/** Jobs of the worker by name, one run at a time. */
async function runJob(deps: Deps, name: string): Promise<void> {
  const job = jobs(deps).find((candidate) => candidate.name === name);
  if (!job) throw new Error(`there is no job ${name}`);
  await job.run();
}

export const anonymous = (channel: Channel = 'web'): Viewer => ({ kind: 'anonymous', channel });

export const principal = (customerId: string, ...roles: Role[]): Viewer => ({
  kind: 'principal',
  customerId,
  roles: roles.length > 0 ? roles : ['customer'],
  channel: 'web',
  sessionId: null,
});

export const operations = principal('00000000-0000-4000-8000-00000000000a', 'operations');
export const service: Viewer = { ...principal('orders', 'service'), channel: 'service' };

export type Answer = {
  readonly data: Record<string, unknown> | null;
  readonly errors?: readonly GraphqlError[];
};

function recordingLog(lines: LogLine[]): Logger {
  const at = (level: string) => (fields: object, message: string) => {
    lines.push({ level, fields, message });
  };
  const log: Logger = {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: () => log,
  };
  return log;
}
