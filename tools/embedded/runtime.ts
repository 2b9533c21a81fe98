import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { createLogger } from '@simplebank/chassis/logging';
import type { Runtime } from '@simplebank/chassis/process';
import { openQueues } from '@simplebank/chassis/queue';
import { systemClock } from '@simplebank/kernel/clock';
import type { Environment } from './settings.ts';

/** One log per run, and the run before it, beside the data: a terminal is for people. */
async function openLogFile(dataDir: string) {
  const file = join(dataDir, 'bank.log');
  await rename(file, `${file}.1`).catch(() => undefined);
  return createWriteStream(file, { mode: 0o600 });
}

type RuntimeOptions = {
  readonly env: Environment;
  readonly dataDir: string;
  readonly queueUrl: string | undefined;
};

/** What all processes of the one-process bank share: clock, ids, log and queues. */
export async function openRuntime({ env, dataDir, queueUrl }: RuntimeOptions): Promise<Runtime> {
  const level = env['LOG_LEVEL'];
  const destination = await openLogFile(dataDir);
  const log = createLogger({ service: 'simplebank', level, destination });
  const queues = await openQueues({ redisUrl: env['REDIS_URL'], databaseUrl: queueUrl, log });
  return { clock: systemClock, newId: randomUUID, log, queues };
}
