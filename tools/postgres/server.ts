import type { ChildProcess } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Binaries, findBinaries, program } from './binaries.ts';
import { type Folder, openFolder, passwordOf } from './folder.ts';
import { checkData, makeData } from './initdb.ts';
import { takeLock } from './lock.ts';
import { StartProblem } from './problem.ts';
import { cannotRun, launch } from './run.ts';
import { adminUrl, adopt, probe, readPostmaster, stopServer } from './running.ts';

export { foldersElsewhere } from './folder.ts';
export { StartProblem } from './problem.ts';

export type PostgresOptions = {
  /** A folder for this server alone; made when absent. */
  readonly dataDir: string;
  /** 0 or absent: whichever port is free. */
  readonly port?: number;
  /** Hears one line for a person when something is not as usual. */
  readonly say: (line: string) => void;
  /** More settings of PostgreSQL, such as `fsync: 'off'` for tests. */
  readonly settings?: Readonly<Record<string, string>>;
};

/** `adminUrl` names the database `postgres` as its superuser. `stop` closes the server cleanly. */
export type RunningPostgres = { readonly adminUrl: string; readonly stop: () => Promise<void> };

const readyWithinMs = 120_000;
const pollMs = 15;
const attemptsMax = 5;
const retryAfterMs = 1_000;
const logBytesMax = 5 * 1024 * 1024;

const standard = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  timezone: 'UTC',
  log_timezone: 'UTC',
  wal_level: 'minimal',
  max_wal_senders: '0',
  log_checkpoints: 'off',
};

/**
 * Starts the PostgreSQL that came with npm on 127.0.0.1, or goes on with the one that a killed
 * process left running on this folder. A crash is recovered from by PostgreSQL itself.
 * @throws StartProblem: folder in use or unusable, port taken, other major version, no programs
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const folder = openFolder(options.dataDir, options.say);
  const unlock = takeLock(join(folder.home, 'lock'), folder.home);
  try {
    const binaries = findBinaries(folder.identity, folder.reserve);
    const password = passwordOf(folder);
    if (!existsSync(folder.data)) await makeData(folder, binaries, password);
    checkData(folder, binaries);
    const server = { folder, binaries, password, options };
    const port = (await adopt(folder, { binaries, password })) ?? (await startServer(server));
    const stop = async () => {
      await stopServer(folder, binaries);
      unlock();
    };
    return { adminUrl: adminUrl(port, password), stop };
  } catch (error) {
    unlock();
    throw error;
  }
}

type Server = {
  readonly folder: Folder;
  readonly binaries: Binaries;
  readonly password: string;
  readonly options: PostgresOptions;
};

/** Tries again when a free port was taken meanwhile, or the last server's helpers still end. */
async function startServer(server: Server): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    const port = server.options.port || (await freePort());
    const failure = await startOn(port, server);
    if (!failure) return port;
    const again =
      failure.includes('shared memory block') ||
      (failure.includes('Address already in use') && !server.options.port);
    if (!again || attempt === attemptsMax) throw explain(failure, port, server.folder);
    await pause(retryAfterMs);
  }
}

/** Null when the server answers, else its last words. */
async function startOn(port: number, { folder, binaries, password, options }: Server) {
  const log = openLog(folder);
  const settings = Object.entries({ ...standard, ...options.settings, port: String(port) });
  const path = program(binaries, 'postgres');
  const child = launch(path, {
    args: ['-D', folder.data, ...settings.flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    folder,
    stdio: ['ignore', log.handle, log.handle],
  });
  closeSync(log.handle);
  child.unref();
  const ended = endOf(child, path);
  const url = adminUrl(port, password);
  for (const giveUp = Date.now() + readyWithinMs; Date.now() < giveUp; ) {
    const state = await Promise.race([probe(url, folder.data), ended]);
    if (state instanceof StartProblem) throw state;
    if (state === 'ended') return log.wordsSince();
    if (state === 'ready') {
      child.once('exit', () => tellOfSuddenEnd(folder, options));
      return null;
    }
    await pause(pollMs);
  }
  await stopServer(folder, binaries);
  return `no answer within ${readyWithinMs / 1000} s`;
}

const endOf = (child: ChildProcess, path: string) =>
  new Promise<'ended' | StartProblem>((resolve) => {
    child.on('error', (error) => resolve(cannotRun(path, error)));
    child.on('exit', () => resolve('ended'));
  });

/** A server that was stopped has taken its note away; one that broke has not. */
function tellOfSuddenEnd(folder: Folder, { say }: PostgresOptions): void {
  if (!readPostmaster(folder)) return;
  say(
    `PostgreSQL has ended unexpectedly: see ${join(folder.home, 'postgres.log')}, and start again.`,
  );
}

function openLog({ home }: Folder) {
  const file = join(home, 'postgres.log');
  if (existsSync(file) && statSync(file).size > logBytesMax) renameSync(file, `${file}.1`);
  const from = existsSync(file) ? statSync(file).size : 0;
  return {
    handle: openSync(file, 'a', 0o600),
    wordsSince: () => readFileSync(file).subarray(from).toString(),
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

function explain(words: string, port: number, { home }: Folder): StartProblem {
  if (words.includes('Address already in use')) {
    return new StartProblem(
      `port ${port} is taken`,
      'end what listens there, or choose another port',
    );
  }
  if (words.includes('No space left')) {
    return new StartProblem(`the disk of ${home} is full`, 'free some space and start again');
  }
  const fatal = words.split('\n').filter((line) => /FATAL|PANIC|could not|no answer/.test(line));
  const last = fatal.at(-1)?.replace(/^.*?(FATAL|PANIC):\s*/, '') ?? 'it gave no reason';
  return new StartProblem(
    `PostgreSQL did not start (${last})`,
    `see ${join(home, 'postgres.log')}`,
  );
}
