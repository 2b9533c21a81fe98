import { join } from 'node:path';
import { UnexpectedAnswer } from '../bank/client.ts';
import { generateIfStale } from '../generate/stale.ts';
import { dropHalfPast, wasCutOff } from '../history/half-past.ts';
import { prepareDatabases, queueDatabase } from '../migrate/databases.ts';
import { codeOf } from '../postgres/problem.ts';
import { StartProblem, startPostgres } from '../postgres/server.ts';
import { type ClosingStack, closingStack } from './closing.ts';
import { requireDataFolder } from './data-folder.ts';
import { processEnvironment } from './environment.ts';
import { openKeys, openTokenKeys } from './keys.ts';
import { requireFreePorts } from './ports.ts';
import { type Progress, showProgress } from './progress.ts';
import {
  databaseOwners,
  type Environment,
  readSettings,
  type Settings,
  StartRefused,
} from './settings.ts';
import { welcome } from './welcome.ts';

type Start = {
  readonly env: Environment;
  readonly settings: Settings;
  readonly progress: Progress;
  readonly closing: ClosingStack;
};

/**
 * PostgreSQL runs and every database is up to date. The keys are read only now, because its lock
 * keeps away a second bank, which would make other ones for the same data.
 */
async function openDatabases({ settings, progress, closing }: Start) {
  const { dataDir } = settings;
  const { adminUrl } = await progress.step('starting PostgreSQL', () =>
    closing.opening(
      startPostgres({ dataDir: join(dataDir, 'postgres'), say: progress.say }),
      ({ stop }) => stop(),
    ),
  );
  if (wasCutOff(dataDir)) {
    progress.say('The last start was cut off while it made the demo bank: beginning anew.');
    await dropHalfPast(adminUrl, databaseOwners);
  }
  const keys = await openKeys(dataDir, [...databaseOwners, queueDatabase]);
  const tokenKeysFile = await openTokenKeys(dataDir, keys);
  const passwordOf = (name: string) => keys.databasePasswords[name] ?? '';
  const prepare = () => prepareDatabases({ adminUrl, contexts: databaseOwners, passwordOf });
  const databaseUrls = await progress.step('preparing its databases', prepare);
  const emptyDatabases = async () => {
    await dropHalfPast(adminUrl, databaseOwners);
    await prepare();
  };
  return { adminUrl, keys, tokenKeysFile, databaseUrls, emptyDatabases };
}

async function run({ env, settings, progress, closing }: Start): Promise<void> {
  await requireDataFolder(settings.dataDir);
  await requireFreePorts(settings);
  await progress.step('generating what is missing', generateIfStale);

  // Reading a thousand modules takes about as long as PostgreSQL needs to start.
  const loading = Promise.all([
    import('./bank.ts'),
    import('./runtime.ts'),
    import('../seed/seed.ts'),
    import('../history/first-start.ts'),
    import('../history/untold.ts'),
  ]);
  loading.catch(() => undefined);
  const opened = await openDatabases({ env, settings, progress, closing });
  const { keys, tokenKeysFile, databaseUrls } = opened;
  const [{ startBank }, { openRuntime, openTracing }, { loadDemoOnce }, { makeHistoryOnce }, past] =
    await loading;

  const queueUrl = databaseUrls[queueDatabase];
  const { dataDir } = settings;
  const tracing = await openTracing(env);
  closing.push(tracing.close);
  const runtime = await openRuntime({ env, dataDir, queueUrl });
  closing.push(runtime.shared.close);
  closing.push(runtime.queues.close);
  const processes = processEnvironment({ env, settings, keys, tokenKeysFile, databaseUrls });
  const isStopping = closing.begun;
  const firstStart = { ...opened, dataDir, env: processes, runtime, progress, isStopping };
  if (settings.seedDemo) await makeHistoryOnce(firstStart);
  const bank = await progress.step('opening subgraphs, services and gateways', () =>
    closing.opening(startBank(processes, runtime), ({ close }) => close()),
  );
  const { urls } = bank;
  if (settings.seedDemo) await loadDemoOnce(dataDir, { urls, keys, progress });
  progress.say(welcome({ urls, settings, readyMs: performance.now() }));
  if (!past.hasUntold(dataDir)) return;
  progress.say(untoldNote);
  closing.push(past.tellUntold({ dataDir, env: processes, runtime }).close);
}

const untoldNote =
  '  Past prices of companies that nobody traded are being written in the background.\n';

/** A door that says so names its port and the variable that moves it. */
const cannotListen: ReadonlySet<string> = new Set([
  'EADDRINUSE',
  'EACCES',
  'EADDRNOTAVAIL',
  'ENOTFOUND',
]);

/** A cause and its remedy where a person can mend it; null for a fault of ours. */
function told(error: unknown, settings: Settings): string | null {
  if (error instanceof StartRefused || error instanceof StartProblem) return error.message;
  if (error instanceof Error && error.name === 'ConfigError') return error.message;
  if (error instanceof Error && cannotListen.has(codeOf(error.cause))) return error.message;
  if (!(error instanceof UnexpectedAnswer)) return null;
  const log = join(settings.dataDir, 'bank.log');
  return `The demo bank was not loaded (${error.message}): npm start goes on with it; see ${log}`;
}

/** `npm start`: the whole bank in this process. A problem a person can mend is told in one line. */
export async function runEmbeddedBank(env: Environment): Promise<void> {
  const closing = closingStack();
  let settings: Settings;
  try {
    settings = readSettings(env);
  } catch (error) {
    if (!(error instanceof StartRefused)) throw error;
    console.error(error.message);
    process.exit(1);
  }
  closing.onSignal();
  const progress = showProgress();
  progress.say('SimpleBank is starting.');
  try {
    await run({ env, settings, progress, closing });
  } catch (error) {
    if (closing.begun()) return;
    const line = told(error, settings);
    console.error(line === null ? error : `\n${line}`);
    await closing.close();
    process.exit(1);
  }
}
