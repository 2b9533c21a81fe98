import { createWriteStream } from 'node:fs';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Runtime } from '@simplebank/chassis/process';
import { generateIfStale } from '../generate/stale.ts';
import { prepareDatabases } from '../migrate/databases.ts';
import { type RunningPostgres, StartProblem, startPostgres } from '../postgres/server.ts';
import { requireDataFolder } from './data-folder.ts';
import { processEnvironment } from './environment.ts';
import { type Keys, openKeys } from './keys.ts';
import { requireFreePorts } from './ports.ts';
import { type Progress, showProgress } from './progress.ts';
import {
  contexts,
  type Environment,
  readSettings,
  type Settings,
  StartRefused,
} from './settings.ts';
import { closeOnSignal } from './signals.ts';
import { welcome } from './welcome.ts';

const queueDatabase = 'queues';

/** One log per run, and the run before it, beside the data. */
async function openLogFile(dataDir: string) {
  const file = join(dataDir, 'bank.log');
  await rename(file, `${file}.1`).catch(() => undefined);
  return createWriteStream(file, { mode: 0o600 });
}

async function openRuntime(settings: Settings, queueUrl: string | undefined): Promise<Runtime> {
  const [{ createLogger }, { openQueues }, { systemClock }, { randomUUID }] = await Promise.all([
    import('@simplebank/chassis/logging'),
    import('@simplebank/chassis/queue'),
    import('@simplebank/kernel/clock'),
    import('node:crypto'),
  ]);
  const log = createLogger({
    service: 'simplebank',
    level: process.env['LOG_LEVEL'] ?? 'INFO',
    destination: await openLogFile(settings.dataDir),
  });
  const redisUrl = process.env['REDIS_URL'];
  const queues = await openQueues({ redisUrl, databaseUrl: queueUrl, log });
  return { clock: systemClock, newId: () => randomUUID(), log, queues };
}

type Prepared = {
  readonly postgres: RunningPostgres;
  readonly keys: Keys;
  readonly databaseUrls: Readonly<Record<string, string>>;
};

async function prepare(settings: Settings, progress: Progress): Promise<Prepared> {
  const keys = await openKeys(settings.dataDir, [...contexts, queueDatabase]);
  const postgres = await progress.step('starting PostgreSQL', () =>
    startPostgres({ dataDir: join(settings.dataDir, 'postgres'), say: progress.say }),
  );
  try {
    const databaseUrls = await progress.step('preparing its databases', () =>
      prepareDatabases({
        adminUrl: postgres.adminUrl,
        contexts,
        passwordOf: (name) => keys.databasePasswords[name] ?? '',
      }),
    );
    return { postgres, keys, databaseUrls };
  } catch (error) {
    await postgres.stop();
    throw error;
  }
}

async function run(env: Environment, startedAt: number): Promise<void> {
  const progress = showProgress();
  const settings = readSettings(env);
  progress.say('SimpleBank is starting.');
  await requireDataFolder(settings.dataDir);
  await requireFreePorts(settings);
  await progress.step('generating what is missing', generateIfStale);

  const loading = Promise.all([import('./bank.ts'), import('../seed/seed.ts')]);
  const { postgres, keys, databaseUrls } = await prepare(settings, progress);
  const [{ startBank }, { seedDemo }] = await loading;
  const runtime = await openRuntime(settings, databaseUrls[queueDatabase]);
  const bank = await progress.step('opening subgraphs, services and gateways', () =>
    startBank(processEnvironment({ env, settings, keys, databaseUrls }), runtime),
  );
  closeOnSignal(async () => {
    await bank.close();
    await runtime.queues.close();
    await postgres.stop();
  });
  if (settings.seedDemo) {
    await seedDemo({ urls: bank.urls, keys, dataDir: settings.dataDir, progress });
  }
  progress.say(welcome({ urls: bank.urls, settings, readyMs: performance.now() - startedAt }));
}

/** `npm start`: the whole bank in this process. A problem a person can mend is told in one line. */
export async function runEmbeddedBank(env: Environment): Promise<void> {
  try {
    await run(env, 0);
  } catch (error) {
    if (!(error instanceof StartRefused || error instanceof StartProblem)) throw error;
    console.error(`\n${error.message}`);
    process.exit(1);
  }
}
