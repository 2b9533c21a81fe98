import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTemporaryFolder } from '../../tools/migrate/shadow.ts';
import { isAlive } from '../../tools/postgres/lock.ts';
import { startPostgres } from '../../tools/postgres/server.ts';

const folderPrefix = 'simplebank-test-';
const say = (line: string) => process.stderr.write(`${line}\n`);

/** Nothing of a test outlives its run, so nothing waits for the disk. */
const careless = {
  ...{ fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' },
  ...{ max_connections: '300', autovacuum: 'off', max_wal_size: '4GB' },
};

export type TestServerHandle = { readonly adminUrl: string; readonly close: () => Promise<void> };

/** The server that TEST_POSTGRES_URL names, else one of our own in a folder that is thrown away. */
export async function openTestServer(): Promise<TestServerHandle> {
  const given = process.env['TEST_POSTGRES_URL'];
  if (given) return { adminUrl: given, close: async () => {} };
  await clearLeftovers();
  return startThrowAwayServer();
}

/** A server of our own whatever the environment says, for tests that change roles and databases. */
export async function startThrowAwayServer(): Promise<TestServerHandle> {
  const folder = openTemporaryFolder(folderPrefix);
  const server = await startPostgres({ dataDir: folder, say, settings: careless });
  const close = async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  return { adminUrl: server.adminUrl, close };
}

export const newRun = (): string => randomBytes(4).toString('hex');

/** A run that was killed leaves its server behind; the next run ends it. */
async function clearLeftovers(): Promise<void> {
  const folders = readdirSync(tmpdir()).filter((name) => name.startsWith(folderPrefix));
  for (const name of folders) await clearLeftover(join(tmpdir(), name));
}

async function clearLeftover(folder: string): Promise<void> {
  try {
    if (statSync(folder).uid !== process.getuid?.()) return;
    const { pid } = JSON.parse(readFileSync(join(folder, 'lock'), 'utf8'));
    if (isAlive(pid)) return;
    const server = await startPostgres({ dataDir: folder, say, settings: careless });
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  } catch {
    // Another run is at it, or it is not ours: then it is none of our business.
  }
}
