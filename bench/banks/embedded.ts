import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { startEmbeddedBank } from '../../tests/support/embedded-bank.ts';
import { openTemporaryFolder } from '../../tools/migrate/shadow.ts';
import { openFolder, passwordOf } from '../../tools/postgres/folder.ts';
import { adminUrl, readPostmaster } from '../../tools/postgres/running.ts';
import { benchEnvironment, type MeasuredBank, type RunningBank } from './bank.ts';
import { booksAgree } from './books.ts';
import { freePort } from './ports.ts';

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
    const operationsPort = await freePort();
    const startedAt = performance.now();
    const env = { ...benchEnvironment, OPERATIONS_PORT: String(operationsPort) };
    const bank = await startEmbeddedBank(dataDir, env);
    const readyMs = performance.now() - startedAt;
    const programs = { [embeddedName]: bank.process.pid ?? 0 };
    return {
      webUrl: bank.webUrl,
      processes: { programs, postmasterPid: postmaster().pid },
      operations: { [embeddedName]: `http://127.0.0.1:${operationsPort}` },
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
