import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { openTemporaryFolder } from '../../../tools/migrate/shadow.ts';
import { openFolder } from '../../../tools/postgres/folder.ts';
import { isAlive } from '../../../tools/postgres/lock.ts';
import { readPostmaster } from '../../../tools/postgres/running.ts';
import { startPostgres } from '../../../tools/postgres/server.ts';
import { askRedis } from '../../events/support/redis.ts';
import { until } from '../../events/support/until.ts';

const goneWithinMs = 30_000;

/**
 * Only processes die here, never the disk, so nothing waits for it. A commit must still be written
 * out before it is told, as `synchronous_commit` has it: it is in no memory of ours then.
 */
const settings = {
  ...{ fsync: 'off', full_page_writes: 'off' },
  ...{ max_connections: '400', max_wal_size: '2GB' },
};

/** A server that a test may end at any moment. */
export type OwnPostgres = {
  readonly adminUrl: string;
  /** Ends every connection at once, without a checkpoint; open transactions are lost. */
  readonly crash: () => Promise<void>;
  /** On the same port, with what was committed. */
  readonly restart: () => Promise<void>;
  readonly close: () => Promise<void>;
};

/**
 * A PostgreSQL of its own in a folder that is thrown away. `crash` is the immediate shutdown
 * (SIGQUIT): no process survives it and the next start recovers, as after a lost machine.
 */
export async function startOwnPostgres(): Promise<OwnPostgres> {
  const dataDir = openTemporaryFolder('simplebank-failing-');
  const start = (port: number) => startPostgres({ dataDir, port, settings, say: () => {} });
  let server = await start(0);
  const port = Number(new URL(server.adminUrl).port);
  const crash = async () => {
    const found = readPostmaster(openFolder(dataDir, () => {}));
    if (!found || !isAlive(found.pid)) return;
    process.kill(found.pid, 'SIGQUIT');
    await until('PostgreSQL is gone', () => !isAlive(found.pid), goneWithinMs);
  };
  return {
    adminUrl: server.adminUrl,
    crash,
    restart: async () => {
      server = await start(port);
    },
    close: async () => {
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

function findRedis(): string | null {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = join(folder, 'redis-server');
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not in this one.
    }
  }
  return null;
}

const redisServer = findRedis();
/** For a test's title: why it is skipped, or nothing. */
export const withoutRedis = redisServer ? '' : ' (skipped: no redis-server on PATH)';

export type OwnRedis = {
  readonly url: string;
  /** SIGKILL: everything that it held is lost, for it writes nothing to disk. */
  readonly kill: () => Promise<void>;
  /** On the same port, empty. */
  readonly start: () => Promise<void>;
  /** FLUSHALL: connections stay, everything else goes. */
  readonly wipe: () => Promise<void>;
  readonly close: () => Promise<void>;
};

/** A Redis of its own that keeps nothing on disk; throws where PATH has no `redis-server`. */
export async function startOwnRedis(): Promise<OwnRedis> {
  if (!redisServer) throw new Error('there is no redis-server on PATH');
  const folder = mkdtempSync(join(tmpdir(), 'simplebank-redis-'));
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder];
  let child: ChildProcess | null = null;
  const start = async () => {
    child = spawn(redisServer, [...args, '--save', '', '--appendonly', 'no'], { stdio: 'ignore' });
    await until('Redis answers', () => answers(url), goneWithinMs);
  };
  const kill = async () => {
    if (!child) return;
    const ended = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : null;
    child.kill('SIGKILL');
    await ended;
    child = null;
  };
  await start();
  return {
    ...{ url, kill, start },
    wipe: async () => {
      await askRedis(url, ['FLUSHALL']);
    },
    close: async () => {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const answers = (url: string): Promise<boolean> =>
  askRedis(url, ['PING']).then(
    (reply) => reply.startsWith('+PONG'),
    () => false,
  );

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== 'object' || !address) throw new Error('no port is free');
  return address.port;
}
