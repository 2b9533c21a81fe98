import { createLogger } from '@simplebank/chassis/logging';
import { createOperations } from '@simplebank/chassis/operations';
import { startParts, stopParts } from '@simplebank/chassis/process';
import { type Environment, StartRefused } from '../embedded/settings.ts';
import { StartProblem } from '../postgres/problem.ts';
import { parseArguments, usage, type Wish } from './arguments.ts';
import { closeFeeds, openFeeds } from './feeds.ts';
import { reconcile } from './reconcile.ts';
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
  const feeds = openFeeds(await findDatabases(env));
  try {
    const report = await reconcile(feeds, { waitMs: wish.waitMs });
    say(wish.json ? tellPrograms(report) : tellPeople(report));
    return report.drift.length === 0 ? 0 : 1;
  } finally {
    await closeFeeds(feeds);
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
