import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type Clock, systemClock } from '@simplebank/kernel/clock';
import type { NewId } from '@simplebank/kernel/ids';
import closeWithGrace from 'close-with-grace';
import { z } from 'zod';
import { envPrefix } from '../door/listen.ts';
import { startTracing, tracingOptionsOf, tracingShape } from '../observe/tracing.ts';
import { configHash } from '../operations/config-hash.ts';
import { createOperations, type OperationsRoute } from '../operations/operations.ts';
import { queuesPart } from '../operations/queues-part.ts';
import { type EventQueues, openQueues } from '../queues/queue.ts';
import { createMemoryShared, openShared, type Shared } from '../shared/shared.ts';
import {
  ConfigError,
  configExitCode,
  count,
  defaultHost,
  type Env,
  host,
  logLevel,
  port,
  processEnv,
  readConfig,
  url,
} from './config.ts';
import { createLogger, type Logger } from './logging.ts';
import { labelMetrics } from './metrics.ts';
import { beginErrors } from './work-metrics.ts';

export type { Env } from './config.ts';

/** How one edge to another process does, as `/health/dependencies` shows it. */
export type DependencyState = {
  readonly name: string;
  readonly status: 'up' | 'down';
  /** Mean of the last minute, or of the last question; null when nothing was called. */
  readonly latency_ms: number | null;
  /** 0 to 1. */
  readonly error_rate: number;
  readonly circuit: string | null;
};

/** A thing that runs: an HTTP door, a worker. One with a `url` answers requests. */
export type Part = {
  readonly name: string;
  start(): Promise<void>;
  /** May come without a `start`, when a part before it failed. */
  close(): Promise<void>;
  ready(): Promise<boolean>;
  /** True when requests can be answered without it: its loss degrades a process with a door. */
  readonly dispensable?: boolean;
  /** The process is about to end: answers tell callers to come by another connection. */
  leave?(): void;
  /** Takes no new work and ends what is at hand; all parts at once, before any is closed. */
  drain?(): Promise<void>;
  dependencies?(): Promise<readonly DependencyState[]>;
  /** Brings its gauges up to date before a scrape, with bounded questions. */
  measure?(): Promise<void>;
  /** What it answers to GET on the operations port; the first part with a path has it. */
  readonly routes?: Readonly<Record<`/${string}`, OperationsRoute>>;
};

/** What every process gets from outside; embedded: one Runtime shared by all. */
export type Runtime = {
  readonly clock: Clock;
  readonly newId: NewId;
  readonly log: Logger;
  readonly queues: EventQueues;
  readonly shared: Shared;
};

export type ProcessDefinition<Config> = {
  readonly name: string;
  /** Throws ConfigError with every problem at once. */
  readonly loadConfig: (env: Env) => Config;
  /** Builds everything; nothing listens or consumes until `start`. Closed in reverse order. */
  readonly build: (config: Config, runtime: Runtime) => Promise<readonly Part[]>;
  /** False for an outside party that we play: it needs no REDIS_URL and shares no queue. */
  readonly sharesQueues?: false;
};

/** Under the 10 s of OPS-75, so that there is time left to say that something did not close. */
const shutdownMsMax = 9_500;
const drainNoticeMsMax = 5_000;

/** Starts the parts in order. When one fails, those before it are closed again and it rethrows. */
export async function startParts(parts: readonly Part[], log: Logger): Promise<void> {
  const started: Part[] = [];
  for (const part of parts) {
    try {
      // In order, because a part may need the one before it.
      await part.start();
      started.push(part);
    } catch (error) {
      await stopParts([...started, part], log);
      throw error;
    }
  }
}

/**
 * Lets all parts end their work at the same time, then closes them in reverse; one that fails is
 * logged and does not keep the others open.
 */
export async function stopParts(parts: readonly Part[], log: Logger): Promise<void> {
  const drains = parts.map(async (part) => {
    await part.drain?.().catch((error: unknown) => {
      log.error({ error, error_code: 'CLOSE_FAILED' }, `${part.name} did not end its work`);
    });
  });
  await Promise.all(drains);
  for (const part of parts.toReversed()) {
    try {
      await part.close();
    } catch (error) {
      log.error({ error, error_code: 'CLOSE_FAILED' }, `${part.name} did not close cleanly`);
    }
  }
}

const processShape = {
  ...tracingShape,
  REDIS_URL: url,
  /** Keeps several banks on one Redis apart: small letters, digits and `_`. */
  REDIS_PREFIX: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,40}$/, 'expected small letters, digits and _')
    .default('simplebank'),
  LOG_LEVEL: logLevel,
  SHUTDOWN_GRACE_MS: count({ min: 100, max: shutdownMsMax }).default(shutdownMsMax),
  /** From "not ready" to the end of new work: as long as a balancer takes to hear of it. */
  DRAIN_NOTICE_MS: count({ min: 0, max: drainNoticeMsMax }).default(0),
  OPERATIONS_HOST: host.default(defaultHost),
  ENVIRONMENT: z.string().max(64).default('development'),
  SERVICE_VERSION: z.string().max(64).default('unknown'),
  GIT_COMMIT: z.string().max(64).default('unknown'),
};

/** What every process reads, beside its own variables and `<NAME>_OPERATIONS_PORT`. */
export const commonVariables: readonly string[] = Object.keys(processShape);

const shapeOf = (sharesQueues: boolean) => ({
  ...processShape,
  REDIS_URL: sharesQueues ? url : url.optional(),
});

/** For a process that shares none. */
const noQueues: EventQueues = {
  send: () => Promise.reject(new Error('this process shares no queues')),
  consume: () => Promise.reject(new Error('this process shares no queues')),
  close: async () => {},
};

function loadAll<C>(definition: ProcessDefinition<C>, env: Env) {
  const { name, loadConfig, sharesQueues = true } = definition;
  const operationsPort = `${envPrefix(name)}_OPERATIONS_PORT`;
  const problems: string[] = [];
  const attempt = <T>(read: () => T): T | null => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      problems.push(...error.problems);
      return null;
    }
  };
  const own = attempt(() => loadConfig(env));
  const common = attempt(() => readConfig(shapeOf(sharesQueues), env));
  const ports = attempt(() => readConfig({ [operationsPort]: port.default(0) }, env));
  if (own === null || common === null || ports === null) {
    throw new ConfigError([...new Set(problems)]);
  }
  const operations = { port: ports[operationsPort] ?? 0, variable: operationsPort };
  return { own, common, operations: { ...operations, host: common.OPERATIONS_HOST } };
}

type Openers = { readonly queues: typeof openQueues; readonly shared: typeof openShared };
const openers: Openers = { queues: openQueues, shared: openShared };

/** An outside party shares neither queues nor anything else with the bank's processes. */
async function openOutside(redis: Redis | null, log: Logger, open: Openers) {
  if (redis === null) return { queues: noQueues, shared: createMemoryShared({ log }) };
  const queues = await open.queues({ ...redis, log });
  return { queues, shared: await open.shared({ ...redis, log }) };
}

type Redis = { readonly redisUrl: string; readonly prefix: string };

const redisOf = (config: { REDIS_URL?: string | undefined; REDIS_PREFIX: string }): Redis | null =>
  config.REDIS_URL ? { redisUrl: config.REDIS_URL, prefix: config.REDIS_PREFIX } : null;

/**
 * For main.ts: reads the configuration, opens what is shared, starts parts and operations port, and
 * closes them on SIGTERM or SIGINT within 10 s. Exits with 78 when a variable is wrong or missing
 * (REDIS_URL included: a private queue would give wrong answers), 1 when it cannot start or an
 * error escapes, 0 after a clean close.
 */
export async function runProcess<C>(
  definition: ProcessDefinition<C>,
  env: Env = processEnv,
  open: Openers = openers,
): Promise<void> {
  const { name, sharesQueues = true } = definition;
  const loaded = loadOrExit(definition, env);
  const { common } = loaded;
  const { SERVICE_VERSION: version, GIT_COMMIT: gitCommit, ENVIRONMENT } = common;
  const source = { version, gitCommit, env: ENVIRONMENT };
  const log = createLogger({ service: name, level: common.LOG_LEVEL, source });
  const running = { parts: [] as readonly Part[], stopping: false };
  labelMetrics({ service: name, version, env: ENVIRONMENT });
  beginErrors(name);
  log.info({ config_hash: configHash(loaded) }, 'the configuration is complete');
  const shown = { parts: () => running.parts, isStopping: () => running.stopping };
  const operations = createOperations({ ...loaded.operations, ...shown });
  const tracing = await startTracing(tracingOptionsOf(common, source));
  let outside: Pick<Runtime, 'queues' | 'shared'> | null = null;

  closeOnSignals({ log, graceMs: common.SHUTDOWN_GRACE_MS }, async () => {
    running.stopping = true;
    await takeLeave(running.parts, { log, noticeMs: common.DRAIN_NOTICE_MS });
    await Promise.all([outside?.queues.close(), outside?.shared.close()]);
    await operations.close();
    await tracing.close();
  });

  try {
    await operations.start();
    outside = await openOutside(sharesQueues ? redisOf(common) : null, log, open);
    const runtime: Runtime = { clock: systemClock, newId: randomUUID, log, ...outside };
    const parts = await definition.build(loaded.own, runtime);
    running.parts = sharesQueues ? [queuesPart(outside.queues), ...parts] : parts;
    await startParts(running.parts, log);
    log.info({}, `${name} is ready; operations at ${operations.url}`);
  } catch (error) {
    refuseStart(error, log);
  }
}

function refuseStart(error: unknown, log: Logger): never {
  log.error({ error, error_code: 'START_FAILED' }, reasonOf(error));
  return process.exit(error instanceof ConfigError ? configExitCode : 1);
}

type Leave = { readonly log: Logger; readonly noticeMs: number };

/** First callers hear that the process goes, then it ends its work. */
async function takeLeave(parts: readonly Part[], { log, noticeMs }: Leave): Promise<void> {
  for (const part of parts) part.leave?.();
  await pause(noticeMs);
  await stopParts(parts, log);
}

function loadOrExit<C>(definition: ProcessDefinition<C>, env: Env) {
  try {
    return loadAll(definition, env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    // The level may be one of the wrong values, so this line does not ask for it.
    createLogger({ service: definition.name }).error({ error_code: 'CONFIG' }, error.message);
    return process.exit(configExitCode);
  }
}

type Closing = { readonly log: Logger; readonly graceMs: number };

function closeOnSignals({ log, graceMs }: Closing, close: () => Promise<void>): void {
  const options = {
    delay: graceMs,
    // Without a listener Node raises it as an uncaught exception, even for `reject()`.
    skip: ['unhandledRejection' as const],
    logger: false as const,
    onTimeout: () => log.error({ error_code: 'CLOSE_LATE' }, 'did not close in time'),
    onSecondSignal: () => log.warn({}, 'told to stop again: leaving at once'),
    onSecondError: (error?: unknown) =>
      log.error({ error, error_code: 'CLOSE_FAILED' }, 'failed while closing'),
  };
  closeWithGrace(options, async ({ err, signal }) => {
    if (err) log.error({ error: err, error_code: 'CRASH' }, 'an error escaped: stopping');
    else log.info({}, `stopping on ${signal ?? 'request'}`);
    await close();
    log.info({}, 'stopped');
  });
}

const reasonOf = (error: unknown): string =>
  error instanceof Error ? error.message : 'cannot start';
