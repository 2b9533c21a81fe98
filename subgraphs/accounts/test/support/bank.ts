import { randomUUID } from 'node:crypto';
import {
  type AssertionSigner,
  type Channel,
  createAssertionSigner,
  generateAssertionKeys,
  type Role,
  type Viewer,
} from '@simplebank/chassis/auth';
import type { Logger } from '@simplebank/chassis/logging';
import type { EventQueues } from '@simplebank/chassis/queue';
import type { Envelope } from '@simplebank/contracts/event';
import { exportJWK, generateKeyPair } from 'jose';
import { buildDoor } from '../../src/app.ts';
import { loadConfig } from '../../src/config.ts';
import { type Deps, openDeps } from '../../src/deps.ts';
import { buildWorker, jobs } from '../../src/worker.ts';
import { createTestDatabase } from './database.ts';

export type LogLine = { readonly level: string; readonly fields: object; readonly message: string };

/** The accounts context with its own database, a clock to turn by hand, and no running jobs. */
export async function startBank(env: Readonly<Record<string, string>> = {}) {
  const database = await createTestDatabase();
  const keys = await generateAssertionKeys();
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const signingKey = { ...(await exportJWK(privateKey)), kid: 'test-key' };
  const config = loadConfig({
    ACCOUNTS_PORT: '0',
    ACCOUNTS_DATABASE_URL: database.url,
    ASSERTION_PUBLIC_KEYS: JSON.stringify(keys.publicKeys),
    ACCOUNTS_TOKEN_PRIVATE_KEY: JSON.stringify(signingKey),
    ACCOUNTS_SCRYPT_COST: '10',
    ...env,
  });
  const clock = turnableClock();
  const lines: LogLine[] = [];
  const runtime = { clock, newId: randomUUID, log: recordingLog(lines), queues: noQueues };
  const deps = await openDeps(config, runtime);
  const door = await buildDoor(deps, config);
  await door.start();
  const worker = buildWorker(deps);
  const signer = createAssertionSigner({ privateKey: keys.privateKey, issuer: 'web', clock });

  return {
    ...{ deps, clock, lines, worker, url: door.url },
    as: (viewer: Viewer) => clientOf(door.url, signer, viewer),
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
  readonly errors?: readonly { message: string; extensions: Record<string, unknown> }[];
};

/** Asks through the HTTP door as a gateway would. */
function clientOf(url: string, signer: AssertionSigner, viewer: Viewer) {
  return async (query: string, variables: object = {}): Promise<Answer> => {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-simplebank-assertion': await signer.sign(viewer, 'accounts'),
      },
      body: JSON.stringify({ query, variables }),
    });
    return (await response.json()) as Answer;
  };
}
export type Client = ReturnType<typeof clientOf>;

function turnableClock() {
  let now = new Date('2026-11-20T15:00:00.000Z').getTime();
  return {
    now: () => new Date(now),
    advance: (ms: number) => {
      now += ms;
    },
    set: (text: string) => {
      now = new Date(text).getTime();
    },
  };
}

const noQueues: EventQueues = {
  send: async () => {},
  consume: async () => ({ close: async () => {} }),
  close: async () => {},
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
