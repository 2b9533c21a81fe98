import { userInfo } from 'node:os';
import { createLogger } from '@simplebank/chassis/logging';
import { createOperations } from '@simplebank/chassis/operations';
import { startParts, stopParts } from '@simplebank/chassis/process';
import { type Environment, StartRefused } from '../embedded/settings.ts';
import { closeDoors, openDoors } from '../operators/doors.ts';
import { StartProblem } from '../postgres/problem.ts';
import { parseArguments, usage, type Wish } from './arguments.ts';
import { closeFeeds, openFeeds } from './feeds.ts';
import type { Finding } from './finding.ts';
import { reconcile } from './reconcile.ts';
import { repair } from './repair.ts';
import { tellPeople, tellPrograms } from './report.ts';
import { createReconciler } from './watch.ts';
import { CannotReconcile, findDatabases } from './where.ts';

const couldNotRun = 2;

export type Run = { readonly args: readonly string[]; readonly env: Environment };
export type Voice = {
  readonly say: (line: string) => void;
  readonly complain: (line: string) => void;
};

/** Compares once; answers the exit code. */
async function once(wish: Wish, env: Environment, { say }: Voice): Promise<number> {
  const urls = await findDatabases(env);
  const feeds = openFeeds(urls);
  const compare = async () => {
    const report = await reconcile(feeds, { waitMs: wish.waitMs });
    say(wish.json ? tellPrograms(report) : tellPeople(report));
    return report.drift;
  };
  try {
    const drift = await compare();
    if (!wish.repair || drift.length === 0) return drift.length === 0 ? 0 : 1;
    const mended = await mend(urls, drift);
    say(wish.json ? JSON.stringify({ repaired: mended }) : `Repaired: ${mended}`);
    return (await compare()).length === 0 ? 0 : 1;
  } finally {
    await closeFeeds(feeds);
  }
}

/** Makes damaged copies anew; answers how many. */
async function mend(
  urls: Readonly<Record<string, string>>,
  drift: readonly Finding[],
): Promise<number> {
  const doors = openDoors(urls);
  try {
    const by = { actor: userInfo().username, reason: 'npm run reconcile -- --repair' };
    return (await repair(doors, { drift, by })).length;
  } finally {
    await closeDoors(doors);
  }
}

/** Goes on until SIGTERM or Ctrl-C. */
async function forever(wish: Wish, everyMs: number, env: Environment): Promise<number> {
  const log = createLogger({ service: 'reconciler' });
  const feeds = openFeeds(await findDatabases(env));
  const part = createReconciler({ feeds, log, everyMs, waitMs: wish.waitMs });
  const operations = createOperations({
    host: '127.0.0.1',
    port: wish.metricsPort,
    variable: '--metrics-port',
    parts: () => [part],
  });
  const parts = [operations, part];
  await startParts(parts, log);
  log.info({}, `reconciler is ready; operations at ${operations.url}`);
  await new Promise<void>((stop) => {
    process.once('SIGTERM', () => stop());
    process.once('SIGINT', () => stop());
  });
  await stopParts(parts, log);
  return 0;
}

const reasonOf = (error: unknown): string =>
  error instanceof CannotReconcile || error instanceof StartRefused || error instanceof StartProblem
    ? error.message
    : `The bank could not be read: ${error instanceof Error ? error.message : String(error)}`;

/** `npm run reconcile`: 0 without drift, 1 with drift, 2 when it could not compare. */
export async function runReconcile({ args, env }: Run, voice: Voice): Promise<number> {
  const wish = parseArguments(args);
  if (!wish) {
    voice.complain(usage);
    return couldNotRun;
  }
  try {
    if (wish.everyMs !== null) return await forever(wish, wish.everyMs, env);
    return await once(wish, env, voice);
  } catch (error) {
    voice.complain(reasonOf(error));
    return couldNotRun;
  }
}
