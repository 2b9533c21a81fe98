import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Fleet, startFleet } from '../../tools/distributed/fleet.ts';
import { makeKeys } from '../../tools/embedded/keys.ts';
import { databaseOwners } from '../../tools/embedded/settings.ts';
import { queueDatabase } from '../../tools/migrate/databases.ts';
import { openTemporaryFolder } from '../../tools/migrate/shadow.ts';
import { openFolder } from '../../tools/postgres/folder.ts';
import { readPostmaster } from '../../tools/postgres/running.ts';
import { startPostgres } from '../../tools/postgres/server.ts';
import { benchEnvironment, type MeasuredBank, type RunningBank } from './bank.ts';
import { booksAgree } from './books.ts';
import { openRedis } from './redis.ts';

const nameOf = ({ name, index }: { readonly name: string; readonly index: number }) =>
  index === 0 ? name : `${name} ${index + 1}`;

const byName = <T>(fleet: Fleet, pick: (one: Fleet['instances'][number]) => T) =>
  Object.fromEntries(fleet.instances.map((one) => [nameOf(one), pick(one)]));

const doorOf = ({ urls }: Fleet, name: string) => urls[name] ?? '';

const doorsOf = (opened: Fleet) => ({
  webUrl: `${doorOf(opened, 'web')}/graphql`,
  urls: { accounts: doorOf(opened, 'accounts'), federation: doorOf(opened, 'federation') },
  operations: byName(opened, ({ operationsUrl }) => operationsUrl),
  stop: opened.close,
});

/**
 * Every process of the bank by itself, on a PostgreSQL and a Redis of this bench's own.
 * @param copies how many of each process of ours
 */
export async function distributedBank(copies = 1): Promise<MeasuredBank> {
  const dataDir = openTemporaryFolder('simplebank-bench-');
  const folder = join(dataDir, 'postgres');
  const server = await startPostgres({ dataDir: folder, say: (line) => console.error(line) });
  const redis = await openRedis();
  const keys = await makeKeys([...databaseOwners, queueDatabase]);
  const { adminUrl } = server;
  const postmasterPid = readPostmaster(openFolder(folder, () => {}))?.pid ?? 0;
  let fleet: Fleet | null = null;

  const start = async (): Promise<RunningBank> => {
    const startedAt = performance.now();
    // The databases bear the names that they have in the embedded bank, and outlive the fleet.
    const own = { name: '', keepsData: true, forgetsLines: true, keys, env: benchEnvironment };
    const opened = await startFleet({ ...own, adminUrl, redisUrl: redis.url, copies });
    const readyMs = performance.now() - startedAt;
    fleet = opened;
    const programs = { ...byName(opened, ({ pid }) => pid), Redis: redis.pid };
    return { ...doorsOf(opened), keys, processes: { programs, postmasterPid }, readyMs };
  };
  return {
    mode: 'distributed',
    adminUrl: () => adminUrl,
    start,
    booksAgree: () => booksAgree(fleet?.env ?? {}),
    close: async () => {
      await redis.close();
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
