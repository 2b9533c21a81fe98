import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { startEmbeddedBank } from '../../tests/support/embedded-bank.ts';
import { openKeys } from '../../tools/embedded/keys.ts';
import { databaseOwners } from '../../tools/embedded/settings.ts';
import { queueDatabase } from '../../tools/migrate/databases.ts';
import { openTemporaryFolder } from '../../tools/migrate/shadow.ts';
import { openFolder, passwordOf } from '../../tools/postgres/folder.ts';
import { adminUrl, readPostmaster } from '../../tools/postgres/running.ts';
import { benchEnvironment, type MeasuredBank, type RunningBank } from './bank.ts';
import { booksAgree } from './books.ts';
import { freePort } from './ports.ts';

const urlAt = (port: string) => `http://127.0.0.1:${port}`;

/** The one process that is the whole bank, in tables of who used what. */
export const embeddedName = 'bank (Node)';

/** The bank as `npm start` runs it: one process, and the PostgreSQL that it starts beside it. */
export function embeddedBank(): MeasuredBank {
  const dataDir = openTemporaryFolder('simplebank-bench-');
  const postmaster = () => {
    const folder = openFolder(join(dataDir, 'postgres'), () => {});
    const { pid, port } = readPostmaster(folder) ?? { pid: 0, port: 0 };
    return { pid, url: adminUrl(port, passwordOf(folder)) };
  };
  const start = async (): Promise<RunningBank> => {
    const ports = {
      OPERATIONS_PORT: String(await freePort()),
      ACCOUNTS_PORT: String(await freePort()),
      FEDERATION_PORT: String(await freePort()),
    };
    const startedAt = performance.now();
    const env = { ...benchEnvironment, ...ports };
    const bank = await startEmbeddedBank(dataDir, env);
    const readyMs = performance.now() - startedAt;
    const programs = { [embeddedName]: bank.process.pid ?? 0 };
    return {
      webUrl: bank.webUrl,
      processes: { programs, postmasterPid: postmaster().pid },
      urls: { accounts: urlAt(ports.ACCOUNTS_PORT), federation: urlAt(ports.FEDERATION_PORT) },
      keys: await openKeys(dataDir, [...databaseOwners, queueDatabase]),
      operations: { [embeddedName]: urlAt(ports.OPERATIONS_PORT) },
      readyMs,
      stop: async () => void (await bank.stop()),
    };
  };
  return {
    mode: 'embedded',
    adminUrl: () => postmaster().url,
    start,
    booksAgree: () => booksAgree({ SIMPLEBANK_DATA_DIR: dataDir }),
    close: async () => rmSync(dataDir, { recursive: true, force: true }),
  };
}
