import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { createLogger } from '@simplebank/chassis/logging';
import { startEmbeddedBank } from '../../tests/support/embedded-bank.ts';
import { processEnvironment } from '../../tools/embedded/environment.ts';
import { openKeys } from '../../tools/embedded/keys.ts';
import { databaseOwners, readSettings } from '../../tools/embedded/settings.ts';
import { makeHistory } from '../../tools/history/history.ts';
import { prepareDatabases, queueDatabase } from '../../tools/migrate/databases.ts';
import { openTemporaryFolder } from '../../tools/migrate/shadow.ts';
import { openFolder, passwordOf } from '../../tools/postgres/folder.ts';
import { adminUrl, readPostmaster } from '../../tools/postgres/running.ts';
import { startPostgres } from '../../tools/postgres/server.ts';
import { embeddedName } from '../banks/embedded.ts';
import type { BenchBank } from '../place-order/bank.ts';
import { countStatements } from '../statements.ts';
import { portfolioStory } from './story.ts';

/** A year, and one whole month before it. */
const months = 13;
/** The customers sign in before the clock runs. */
const quickPasswords = { ACCOUNTS_SCRYPT_COST: '12' };

/** The bank as `npm start` runs it, with customers of 50 holdings and a year behind them. */
export async function openPortfolioBank(customers: number): Promise<BenchBank> {
  const dataDir = openTemporaryFolder('simplebank-bench-');
  const discard = () => rmSync(dataDir, { recursive: true, force: true });
  try {
    await countStatements(join(dataDir, 'postgres'));
    await writePast(dataDir, customers);
    const bank = await startEmbeddedBank(dataDir, { ...quickPasswords, SIMPLEBANK_DEMO: 'off' });
    const folder = openFolder(join(dataDir, 'postgres'), () => {});
    const { pid: postmasterPid, port } = readPostmaster(folder) ?? { pid: 0, port: 0 };
    const close = async () => {
      await bank.stop();
      discard();
    };
    const programs = { [embeddedName]: bank.process.pid ?? 0 };
    const server = adminUrl(port, passwordOf(folder));
    const processes = { programs, postmasterPid };
    return { webUrl: bank.webUrl, processes, adminUrl: server, dataDir, close };
  } catch (error) {
    discard();
    throw error;
  }
}

async function writePast(dataDir: string, customers: number): Promise<void> {
  const say = (line: string) => console.error(line);
  const server = await startPostgres({ dataDir: join(dataDir, 'postgres'), say });
  try {
    const keys = await openKeys(dataDir, [...databaseOwners, queueDatabase]);
    const passwordFor = (name: string) => keys.databasePasswords[name] ?? '';
    const databaseUrls = await prepareDatabases({
      ...{ adminUrl: server.adminUrl, contexts: databaseOwners, passwordOf: passwordFor },
    });
    const settings = readSettings(quickPasswords);
    const env = processEnvironment({ env: quickPasswords, settings, keys, databaseUrls });
    const log = createLogger({ service: 'bench', level: 'WARN', destination: process.stderr });
    const story = portfolioStory(customers);
    await makeHistory({ env, log, now: new Date(), months, story });
  } finally {
    await server.stop();
  }
}
