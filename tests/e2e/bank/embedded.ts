import { createLogger } from '@simplebank/chassis/logging';
import type { Part } from '@simplebank/chassis/process';
import { createMemoryShared } from '@simplebank/chassis/shared';
import { subscribers } from '@simplebank/contracts/subscriptions';
import { systemClock } from '@simplebank/kernel/clock';
import { createChance } from '@simplebank/testkit/chance';
import { createTestDatabase, type TestDatabase } from '@simplebank/testkit/database';
import { createSeededIds } from '@simplebank/testkit/ids';
import { createRecordingQueues, type RecordingQueues } from '@simplebank/testkit/queues';
import { startBank } from '../../../tools/embedded/bank.ts';
import { processEnvironment } from '../../../tools/embedded/environment.ts';
import { makeKeys } from '../../../tools/embedded/keys.ts';
import { databaseOwners, readSettings } from '../../../tools/embedded/settings.ts';
import type { Travel, WholeBank } from '../whole-bank.ts';
import { openDoors, quick } from './doors.ts';

async function openDatabases(): Promise<Record<string, TestDatabase>> {
  const opened = databaseOwners.map(
    async (name) => [name, await createTestDatabase(name)] as const,
  );
  return Object.fromEntries(await Promise.all(opened));
}

/** Hands events over until told to stop; with a seed, to some subscribers first and others late. */
function pump(queues: RecordingQueues, { seed, copies = 1 }: Travel) {
  const chance = createChance(seed ?? 0);
  let stopped = false;
  let round = 0;
  const run = async () => {
    while (!stopped) {
      round++;
      const chosen = seed === undefined ? subscribers : subscribers.filter(() => chance() < 0.5);
      for (const to of chosen) {
        const order = seed === undefined ? {} : { seed: seed + round };
        // A context that has no time for them now gets them again, as from any queue.
        await queues.deliver({ to, copies, ...order }).catch(() => 0);
      }
      await new Promise((resume) => setTimeout(resume, seed === undefined ? 2 : 15));
    }
  };
  const running = run();
  return async () => {
    stopped = true;
    await running;
  };
}

/** Door and worker of one process, as when it ends. */
async function stopProcess(parts: readonly Part[], name: string): Promise<void> {
  const own = parts.filter((part) => [`${name}-door`, `${name}-worker`].includes(part.name));
  if (own.length === 0) throw new Error(`${name} has neither a door nor a worker`);
  await Promise.all(own.map((part) => part.close()));
}

/** With what only a bank in this process has: its parts, and queues that a test may look into. */
export type EmbeddedBank = WholeBank & {
  readonly parts: readonly Part[];
  readonly queues: RecordingQueues;
};

/** Every process of the bank in this one, over databases of its own, with events as told. */
export async function startEmbedded(
  travel: Travel = {},
  chosen: Readonly<Record<string, string>> = {},
): Promise<EmbeddedBank> {
  const [databases, keys] = await Promise.all([openDatabases(), makeKeys([])]);
  const databaseUrls = Object.fromEntries(
    Object.entries(databases).map(([name, { url }]) => [name, url]),
  );
  const logs: Record<string, unknown>[] = [];
  const log = createLogger({
    service: 'simplebank',
    destination: { write: (line) => void logs.push(JSON.parse(line)) },
  });
  const queues = createRecordingQueues();
  const newId = createSeededIds(`${Date.now()}-${Math.random()}`);
  const given = { ...quick, ...chosen };
  const settings = readSettings(given);
  const env = processEnvironment({ env: given, settings, keys, databaseUrls });
  const shared = createMemoryShared({ log });
  const bank = await startBank(env, { clock: systemClock, newId, log, queues, shared });
  const stopPump = pump(queues, travel);
  return {
    ...(await openDoors(bank, keys)),
    urls: bank.urls,
    env,
    databases,
    lines: async () => logs,
    stop: (name) => stopProcess(bank.parts, name),
    parts: bank.parts,
    queues,
    shared,
    close: async () => {
      await stopPump();
      await bank.close();
      await Promise.all(Object.values(databases).map((database) => database.drop()));
    },
  };
}
