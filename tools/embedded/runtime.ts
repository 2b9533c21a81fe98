import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { readConfig } from '@simplebank/chassis/config';
import { createLogger, type Logger } from '@simplebank/chassis/logging';
import type { Runtime } from '@simplebank/chassis/process';
import { openQueues } from '@simplebank/chassis/queue';
import { openShared } from '@simplebank/chassis/shared';
import {
  startTracing,
  type Tracing,
  tracingOptionsOf,
  tracingShape,
} from '@simplebank/chassis/tracing';
import { systemClock } from '@simplebank/kernel/clock';
import { z } from 'zod';
import { wordsOf } from '../postgres/problem.ts';
import { type Environment, StartRefused } from './settings.ts';

/** One log per run, and the run before it, beside the data: a terminal is for people. */
async function openLogFile(dataDir: string) {
  const file = join(dataDir, 'bank.log');
  await rename(file, `${file}.1`).catch(() => undefined);
  const stream = createWriteStream(file, { mode: 0o600 });
  // A full disk costs lines of the log, not the bank.
  stream.on('error', () => undefined);
  return stream;
}

/** Throws StartRefused, without the address and its password, when the named Redis is away. */
async function openBankQueues({ env, queueUrl }: RuntimeOptions, log: Logger) {
  const redisUrl = env['REDIS_URL'] || undefined;
  try {
    if (redisUrl && !/^rediss?:$/.test(URL.canParse(redisUrl) ? new URL(redisUrl).protocol : '')) {
      throw new Error('it is no redis:// address');
    }
    return await openQueues({ redisUrl, databaseUrl: queueUrl, log });
  } catch (error) {
    if (!redisUrl) throw error;
    throw new StartRefused(
      `REDIS_URL cannot be used (${wordsOf(error)}): start that Redis, or unset REDIS_URL to ` +
        'keep the queues in PostgreSQL.',
    );
  }
}

type RuntimeOptions = {
  readonly env: Environment;
  readonly dataDir: string;
  readonly queueUrl: string | undefined;
};

/** Spans of all processes of the one-process bank, each under its own name. */
export function openTracing(env: Environment): Promise<Tracing> {
  const shape = {
    ...tracingShape,
    ENVIRONMENT: text('development'),
    SERVICE_VERSION: text('unknown'),
  };
  const config = readConfig(shape, env);
  const source = { version: config.SERVICE_VERSION, env: config.ENVIRONMENT };
  return startTracing(tracingOptionsOf(config, source));
}

const text = (otherwise: string) => z.string().max(64).default(otherwise);

/** What all processes of the one-process bank share: clock, ids, log, queues and what is shared. */
export async function openRuntime(options: RuntimeOptions): Promise<Runtime> {
  const { env, dataDir } = options;
  const level = env['LOG_LEVEL'];
  const destination = await openLogFile(dataDir);
  const log = createLogger({ service: 'simplebank', level, destination });
  const queues = await openBankQueues(options, log);
  const shared = await openShared({ redisUrl: env['REDIS_URL'] || undefined, log });
  return { clock: systemClock, newId: randomUUID, log, queues, shared };
}
