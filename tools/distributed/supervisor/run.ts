import { setTimeout as pause } from 'node:timers/promises';
import { UnexpectedAnswer } from '../../bank/client.ts';
import { type ClosingStack, closingStack } from '../../embedded/closing.ts';
import { requireDataFolder } from '../../embedded/data-folder.ts';
import { openKeys, openTokenKeys } from '../../embedded/keys.ts';
import { requireFreePorts } from '../../embedded/ports.ts';
import { type Progress, showProgress } from '../../embedded/progress.ts';
import {
  databaseOwners,
  type Environment,
  readSettings,
  type Settings,
  StartRefused,
} from '../../embedded/settings.ts';
import { welcome } from '../../embedded/welcome.ts';
import { generateIfStale } from '../../generate/stale.ts';
import { queueDatabase } from '../../migrate/databases.ts';
import { takeLock } from '../../postgres/lock.ts';
import { StartProblem } from '../../postgres/problem.ts';
import { loadDemoOnce } from '../../seed/seed.ts';
import { type Fleet, startFleet } from '../fleet.ts';
import { NotReady } from '../readiness.ts';
import { logFileOf, openCombinedLog } from './log.ts';
import { distributedFolder, noteRunning, readRunning } from './running.ts';
import { openServers } from './servers.ts';
import { watchInstance } from './watch.ts';

const bankName = 'simplebank';
const seedAttemptsMax = 5;
const seedPauseMs = 5_000;
/** A process that hangs is ended by force after 15 s, and PostgreSQL comes after all of them. */
const graceMs = 25_000;

type Start = {
  readonly env: Environment;
  readonly args: readonly string[];
  readonly settings: Settings;
  readonly dataDir: string;
  readonly progress: Progress;
  readonly closing: ClosingStack;
};

/** The bank is kept: its keys beside it, its databases and queues on the servers. */
async function openFleet(start: Start): Promise<Fleet> {
  const { env, settings, dataDir, progress, closing } = start;
  const ownPostgres = start.args.includes('--own-postgres');
  const servers = await openServers({ env, dataDir, ownPostgres, progress, closing });
  const keys = await openKeys(dataDir, [...databaseOwners, queueDatabase]);
  const tokenKeysFile = await openTokenKeys(dataDir, keys);
  const onLine = await openCombinedLog(dataDir);
  const { SIMPLEBANK_ADMIN_DATABASE_URL, ...given } = env;
  const wished = Object.entries(settings.ports).filter(([, port]) => port > 0);
  const options = {
    ...{ ...servers, keys, tokenKeysFile, onLine, name: bankName, keepsData: true },
    ...{ env: given, ports: Object.fromEntries(wished), forgetsLines: true },
  };
  const starting = () => closing.opening(startFleet(options), (fleet) => fleet.close());
  return progress.step('starting every process\n', starting);
}

function tellWelcome(fleet: Fleet, { settings, dataDir, progress }: Start): void {
  const [operations = ''] = fleet.operations['federation'] ?? [];
  const urls = { ...fleet.urls, operations, mail: fleet.urls['mail-catcher'] ?? '' };
  const readyMs = performance.now();
  progress.say(welcome({ urls, settings: { ...settings, dataDir }, readyMs }));
  const each = fleet.instances.map(({ name, pid, operationsUrl }) => {
    return `    ${name.padEnd(14)} process ${String(pid).padEnd(8)} operations ${operationsUrl}`;
  });
  progress.say(`  ${each.length} processes, combined log in ${logFileOf(dataDir)}\n`);
  progress.say(`${each.join('\n')}\n`);
}

/**
 * Every step of the demo bank bears a repeat, so what a busy machine did not answer in time is
 * asked again. A bank without its demo is still a bank.
 */
async function seed({ urls, keys }: Fleet, { dataDir, progress, closing }: Start): Promise<void> {
  for (let attempt = 1; !closing.begun(); attempt++) {
    try {
      await loadDemoOnce(dataDir, { urls, keys, progress });
      return;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      progress.say(`The demo bank was not loaded (${why}).`);
      if (attempt === seedAttemptsMax) return;
      await pause(seedPauseMs);
    }
  }
}

async function run(start: Start): Promise<void> {
  const { settings, dataDir, progress, closing } = start;
  await requireDataFolder(settings.dataDir);
  await requireDataFolder(dataDir);
  const unlock = takeLock(`${dataDir}/lock`, dataDir);
  closing.push(async () => unlock());
  await requireFreePorts(settings);
  await progress.step('generating what is missing', generateIfStale);
  const fleet = await openFleet(start);
  const { urls, operations, env } = fleet;
  const forget = await noteRunning(dataDir, { pid: process.pid, urls, operations, env });
  closing.push(async () => forget());
  const watching = { say: progress.say, isStopping: closing.begun };
  for (const instance of fleet.instances) void watchInstance(instance, watching);
  if (settings.seedDemo) await seed(fleet, start);
  tellWelcome(fleet, start);
}

/** A cause and its remedy where a person can mend it; null for a fault of ours. */
function told(error: unknown): string | null {
  const known = [StartRefused, StartProblem, NotReady, UnexpectedAnswer];
  if (known.some((kind) => error instanceof kind)) return (error as Error).message;
  return error instanceof Error && error.name === 'ConfigError' ? error.message : null;
}

function settingsOrExit(env: Environment): Settings {
  try {
    return readSettings(env);
  } catch (error) {
    if (!(error instanceof StartRefused)) throw error;
    console.error(error.message);
    return process.exit(1);
  }
}

/** `npm run start:distributed`: every process of the bank on this machine, watched by this one. */
export async function runDistributedBank(env: Environment, args: readonly string[]): Promise<void> {
  const settings = settingsOrExit(env);
  const dataDir = distributedFolder(settings.dataDir);
  const other = readRunning(settings.dataDir);
  if (other) {
    console.error(`The bank of ${dataDir} runs already (process ${other.pid}).`);
    process.exit(1);
  }
  const closing = closingStack(graceMs);
  closing.onSignal();
  const progress = showProgress();
  progress.say('SimpleBank is starting, each of its processes on its own.');
  try {
    await run({ env, args, settings, dataDir, progress, closing });
  } catch (error) {
    if (closing.begun()) return;
    console.error(told(error) ?? error);
    await closing.close();
    process.exit(1);
  }
}
