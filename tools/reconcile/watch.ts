import { count, type Env, readConfig, url } from '@simplebank/chassis/config';
import type { Logger } from '@simplebank/chassis/logging';
import { createLoop } from '@simplebank/chassis/loop';
import { recordDrift } from '@simplebank/chassis/metrics';
import type { Part, ProcessDefinition } from '@simplebank/chassis/process';
import { contexts } from '../embedded/settings.ts';
import { closeFeeds, type Feeds, openFeeds } from './feeds.ts';
import { type Report, reconcile } from './reconcile.ts';

export type WatchOptions = {
  readonly feeds: Feeds;
  readonly log: Logger;
  readonly everyMs: number;
  readonly waitMs: number;
};

const toldMax = 20;
const comparisonMsMax = 600_000;

/** Drift pages whoever is on duty (OPS alert ReconcilerDrift); the gauge says how much it is. */
function tell({ log }: WatchOptions, report: Report): void {
  const { drift, inFlight, checked } = report;
  recordDrift(drift.length);
  const fields = { drift: drift.length, in_flight: inFlight.length, checked };
  if (drift.length === 0) {
    log.info(fields, 'the books of the contexts agree');
    return;
  }
  for (const { law, context, accountId, subject } of drift.slice(0, toldMax)) {
    const found = { law, context, account_id: accountId, subject };
    log.error({ ...found, alert: 'ReconcilerDrift', error_code: 'DRIFT' }, `${law}: ${subject}`);
  }
  log.error({ ...fields, alert: 'ReconcilerDrift', error_code: 'DRIFT' }, 'the books disagree');
}

/** The interval that the moment lies in, whichever instance asks. */
const periodOf = (at: Date, everyMs: number): string =>
  new Date(Math.floor(at.getTime() / everyMs) * everyMs).toISOString();

/** Reconciles again and again, alone: of several instances one works and the others watch. */
export function createReconciler(options: WatchOptions): Part {
  const { feeds, log, everyMs, waitMs } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  let isFirst = true;
  const turn = async (): Promise<number> => {
    // Not while everything starts.
    const isDue = !isFirst;
    isFirst = false;
    if (isDue) {
      await feeds.accounts.alone({
        period: periodOf(new Date(), everyMs),
        work: async (lost) => {
          const either = AbortSignal.any([signal, lost]);
          tell(options, await reconcile(feeds, { waitMs, signal: either }));
        },
      });
    }
    return everyMs;
  };
  const loop = createLoop({
    service: 'reconciler',
    name: 'reconciler',
    // It reads all books and commits nothing.
    silentMs: comparisonMsMax,
    log,
    turn: () => turn().catch((error: unknown) => onStop(error, signal)),
  });
  return {
    name: loop.name,
    start: loop.start,
    ready: loop.ready,
    close: async () => {
      stopping.abort();
      await loop.close();
      await closeFeeds(feeds);
    },
  };
}

/** A comparison that is cut off by the end of its process is no failure. */
function onStop(error: unknown, { aborted }: AbortSignal): number {
  if (!aborted) throw error;
  return 0;
}

const variables = contexts.map((context) => `${context.toUpperCase()}_DATABASE_URL`);
const urls = Object.fromEntries(variables.map((variable) => [variable, url]));
const hourMs = 3_600_000;
const times = {
  /** From the end of one comparison to the start of the next. */
  RECONCILER_EVERY_MS: count({ min: 1_000, max: hourMs }).default(60_000),
  /** How long work in flight has to arrive before a difference is drift. */
  RECONCILER_WAIT_MS: count({ min: 0, max: 60_000 }).default(10_000),
};

type Config = {
  readonly databaseUrls: Readonly<Record<string, string>>;
  readonly everyMs: number;
  readonly waitMs: number;
};

function loadConfig(env: Env): Config {
  const { RECONCILER_EVERY_MS: everyMs, RECONCILER_WAIT_MS: waitMs } = readConfig(times, env);
  const read = readConfig(urls, env);
  const named = contexts.map((name, index) => [name, read[variables[index] ?? ''] ?? '']);
  return { databaseUrls: Object.fromEntries(named), everyMs, waitMs };
}

/** The reconciler as a part of the one-process bank. */
export const reconciler: ProcessDefinition<Config> = {
  name: 'reconciler',
  loadConfig,
  build: async ({ databaseUrls, everyMs, waitMs }, { log }) => [
    createReconciler({ feeds: openFeeds(databaseUrls), log, everyMs, waitMs }),
  ],
};
