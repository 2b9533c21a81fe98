import { randomUUID } from 'node:crypto';
import { createLogger } from '@simplebank/chassis/logging';
import type { Runtime } from '@simplebank/chassis/process';
import { createMemoryShared } from '@simplebank/chassis/shared';
import { createMailCatcher, type MailCatcher } from '@simplebank/mail-catcher/catcher';
import {
  createSubgraphClient,
  createTestAssertions,
  type SubgraphClient,
} from '@simplebank/testkit/client';
import { createVirtualClock } from '@simplebank/testkit/clock';
import { createTestDatabase } from '@simplebank/testkit/database';
import { createRecordingQueues } from '@simplebank/testkit/queues';
import { buildApp } from '../src/app.ts';
import type { Channel } from '../src/channel.ts';
import { deliverDue } from '../src/commands/deliver-due.ts';
import { loadConfig } from '../src/config.ts';
import { connect } from '../src/data/client.ts';
import { deliveryLoop } from '../src/delivery-loops.ts';
import type { Deps } from '../src/deps.ts';
import { buildWorker } from '../src/worker.ts';

export const noon = '2026-01-30T17:00:00.000Z';
const roundsMax = 100;

type Given = { readonly catcher?: MailCatcher; readonly env?: Readonly<Record<string, string>> };

/** A notifications process on a database of its own, with every line that it logs. */
export async function aService({ catcher, env = {} }: Given = {}) {
  const database = await createTestDatabase('notifications');
  const assertions = await createTestAssertions();
  const config = loadConfig({
    NOTIFICATIONS_PORT: '0',
    NOTIFICATIONS_DATABASE_URL: database.url,
    ASSERTION_PUBLIC_KEYS: assertions.publicKeys,
    NOTIFICATIONS_SMTP_URL: catcher?.url,
    ...env,
  });
  const clock = createVirtualClock(noon);
  const lines: string[] = [];
  const log = createLogger({
    service: 'notifications',
    destination: { write: (line) => lines.push(line) },
  });
  const outside = { queues: createRecordingQueues(), shared: createMemoryShared({ log }) };
  const runtime: Runtime = { clock, newId: randomUUID, log, ...outside };
  const { door, worker, deps } = await buildApp(config, runtime);
  await door.start();
  const client: SubgraphClient = createSubgraphClient({
    ...{ url: door.url, audience: 'notifications', assertions, clock },
  });
  const admin = connect(database.adminUrl);
  /** The same service with some of its parts exchanged. */
  const start = (given: Partial<Deps> = {}) => {
    const own = { ...deps, ...given };
    const loops = () => own.channels.map((channel) => deliveryLoop(own, channel));
    return { deps: own, worker: buildWorker(own, runtime), loops };
  };
  return {
    ...{ client, deps, admin, clock, lines, start, worker },
    async close() {
      await door.close();
      await Promise.all(deps.channels.map((channel) => channel.close()));
      await deps.db.$disconnect();
      await admin.$disconnect();
      await database.drop();
    },
  };
}
export type Service = Awaited<ReturnType<typeof aService>>;

/** A mail server that runs, on a free port of this machine. */
export async function aMailCatcher(options: Parameters<typeof createMailCatcher>[0] = {}) {
  const catcher = createMailCatcher(options);
  await catcher.start();
  return catcher;
}

/** Delivers over every channel until nothing is due. */
export async function deliverAll(deps: Deps): Promise<void> {
  for (let round = 0; round < roundsMax; round += 1) {
    const tried = await Promise.all(deps.channels.map((channel) => deliverDue(deps, channel)));
    if (tried.every((count) => count === 0)) return;
  }
}

/** A channel with a provider that does as it is told. */
export const aChannel = (
  name: Channel['name'],
  deliver: Channel['deliver'],
  given: Partial<Channel> = {},
): Channel => ({
  ...{ name, deliver, lanes: 5, batchMax: 1, onePerCustomer: true },
  isPassable: () => true,
  close: async () => {},
  ...given,
});
