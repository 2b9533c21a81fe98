import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Runtime } from '@simplebank/chassis/process';
import { subscribers } from '@simplebank/contracts/subscriptions';
import { Client } from 'pg';
import type { Progress } from '../embedded/progress.ts';
import type { Environment } from '../embedded/settings.ts';
import { wordsOf } from '../postgres/problem.ts';
import { hasCalendar } from './days.ts';
import { begunMarker, demoMarker } from './half-past.ts';
import { canHaveHistory, makeHistory } from './history.ts';
import { noteUntold, untoldFile } from './untold.ts';

export type FirstStart = {
  readonly dataDir: string;
  readonly adminUrl: string;
  readonly databaseUrls: Readonly<Record<string, string>>;
  /** Of every process, with the databases. */
  readonly env: Environment;
  readonly runtime: Runtime;
  readonly progress: Progress;
  /** Makes all databases anew, empty. */
  readonly emptyDatabases: () => Promise<void>;
  /** True once somebody stops the bank: what fails then is no fault. */
  readonly isStopping: () => boolean;
  /** That of this folder when left out. */
  readonly make?: typeof makeHistory;
};

/**
 * Gives a new demo bank its past, before anything of the bank runs. A bank in which something has
 * happened already gets none: its own past is not written over. A past that fails keeps nobody from
 * the bank: it is told, nothing of it stays, and the demo bank is loaded through the doors.
 */
export async function makeHistoryOnce(start: FirstStart): Promise<void> {
  const { dataDir, env, runtime, progress, isStopping } = start;
  const isNew = !existsSync(join(dataDir, demoMarker)) && canHaveHistory(env);
  if (!isNew || !(await isEmpty(start.databaseUrls))) return;
  if (!hasCalendar(runtime.clock.now())) {
    progress.say(
      '  The trading calendar does not know these two years: a demo bank without a past.',
    );
    return;
  }
  await writeFile(join(dataDir, begunMarker), new Date().toISOString());
  try {
    await writePast(start);
    await writeFile(join(dataDir, demoMarker), new Date().toISOString());
  } catch (error) {
    if (isStopping()) throw error;
    runtime.log.error({ error, error_code: 'DEMO_PAST' }, 'the past of the demo bank failed');
    progress.say(withoutPast(error));
    await start.emptyDatabases();
    await rm(join(dataDir, untoldFile), { force: true });
  }
  await rm(join(dataDir, begunMarker));
}

const withoutPast = (error: unknown): string =>
  `  WARNING: the past of the demo bank failed (${wordsOf(error)}), which is a fault of ours; ` +
  'bank.log tells it. The bank opens without it.';

function writePast({ dataDir, adminUrl, env, runtime, progress, make = makeHistory }: FirstStart) {
  return progress.step('demo bank: two years of customers, trades and statements', async () => {
    const { log, clock, queues } = runtime;
    const made = await make({ env: withoutWaiting(env), log, now: clock.now() });
    await noteUntold(dataDir, made);
    // Nothing of it is under way: a queue without memory is no reason to send it again.
    await Promise.all(subscribers.map((name) => queues.setMark?.(name)));
    await keep(adminUrl);
  });
}

async function isEmpty(databaseUrls: Readonly<Record<string, string>>): Promise<boolean> {
  const found = await Promise.all(subscribers.map((name) => hasEvents(databaseUrls[name] ?? '')));
  return !found.includes(true);
}

async function hasEvents(connectionString: string): Promise<boolean> {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    const { rows } = await client.query<{ found: boolean }>(
      '/* history.has-events */ SELECT EXISTS (SELECT FROM outbox_event) AS found',
    );
    return rows[0]?.found === true;
  } finally {
    await client.end();
  }
}

/** A crash begins the past anew, so that no commit of it has to wait for the disk. */
function withoutWaiting(env: Environment): Environment {
  const quick = subscribers.map((name) => {
    const variable = `${name.toUpperCase()}_DATABASE_URL`;
    const url = new URL(env[variable] ?? '');
    url.searchParams.set('options', '-c synchronous_commit=off');
    return [variable, url.href.replaceAll('+', '%20')] as const;
  });
  return { ...env, ...Object.fromEntries(quick) };
}

/** From here on it is on the disk, before the marker says so. */
async function keep(adminUrl: string): Promise<void> {
  const admin = new Client({ connectionString: adminUrl });
  await admin.connect();
  await admin.query('CHECKPOINT').finally(() => admin.end());
}
