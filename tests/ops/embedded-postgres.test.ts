import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eventually } from '@simplebank/testkit/eventually';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openTemporaryFolder } from '../../tools/migrate/shadow.ts';
import { isAlive, takeLock } from '../../tools/postgres/lock.ts';
import {
  foldersElsewhere,
  type RunningPostgres,
  StartProblem,
  startPostgres,
} from '../../tools/postgres/server.ts';
import { queryAt } from './support/query.ts';

const isRoot = process.getuid?.() === 0;
const holder = fileURLToPath(new URL('./support/holds-server.ts', import.meta.url));
const root = fileURLToPath(new URL('../..', import.meta.url));

let folder = '';
let dataDir = '';
const said: string[] = [];
const open: RunningPostgres[] = [];
const start = async (port = 0) => {
  const server = await startPostgres({ dataDir, port, say: (line) => said.push(line) });
  open.push(server);
  return server;
};

beforeAll(async () => {
  folder = openTemporaryFolder('simplebank-server-');
  dataDir = join(folder, 'bank');
  const { adminUrl } = await start();
  await queryAt(adminUrl, 'CREATE TABLE kept (id int PRIMARY KEY)');
});
afterEach(async () => {
  for (const server of open.splice(0)) await server.stop();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function startAndKill(): Promise<{ url: string; holder: ChildProcess }> {
  const child = spawn(process.execPath, ['--import', 'tsx', holder, dataDir], {
    ...{ cwd: root, stdio: ['ignore', 'pipe', 'inherit'] },
  });
  const [chunk] = await once(child.stdout ?? child, 'data');
  return { url: String(chunk).trim(), holder: child };
}

const kill = async (child: ChildProcess) => {
  child.kill('SIGKILL');
  await once(child, 'close');
};
const serverPid = () =>
  Number(readFileSync(join(dataDir, 'data/postmaster.pid'), 'utf8').split('\n')[0]);
const problemOf = async (starting: Promise<unknown>): Promise<string> => {
  const error = await starting.then(
    () => 'it started',
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(StartProblem);
  return error instanceof StartProblem ? error.message : '';
};

test('a second start finds the data, and the password is readable by its owner only', async () => {
  const first = await start();
  await queryAt(first.adminUrl, 'INSERT INTO kept VALUES (1)');
  await first.stop();
  open.pop();
  const { adminUrl } = await start();
  expect(await queryAt(adminUrl, 'SELECT id FROM kept')).toEqual([{ id: 1 }]);
  expect(statSync(join(dataDir, 'password')).mode & 0o777).toBe(0o600);
  const stranger = Object.assign(new URL(adminUrl), { password: 'guessed' }).href;
  await expect(queryAt(stranger, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
});

test('it listens on this machine only', async () => {
  const { adminUrl } = await start();
  expect(await queryAt(adminUrl, 'SHOW listen_addresses')).toEqual([
    { listen_addresses: '127.0.0.1' },
  ]);
  expect(await queryAt(adminUrl, 'SHOW fsync')).toEqual([{ fsync: 'on' }]);
});

test('after kill -9 of the bank the next start goes on with the server it left', async () => {
  const { url, holder: killed } = await startAndKill();
  await queryAt(url, 'INSERT INTO kept VALUES (2)');
  const before = serverPid();
  await kill(killed);
  expect(isAlive(before)).toBe(true);
  const { adminUrl } = await start();
  expect(adminUrl).toBe(url);
  expect(serverPid()).toBe(before);
  expect(await queryAt(adminUrl, 'SELECT id FROM kept WHERE id = 2')).toEqual([{ id: 2 }]);
});

test('after kill -9 of bank and server every committed row is there again', async () => {
  const { url, holder: killed } = await startAndKill();
  await queryAt(url, 'INSERT INTO kept VALUES (3)');
  const server = serverPid();
  await kill(killed);
  process.kill(server, 'SIGKILL');
  await eventually(() => expect(isAlive(server)).toBe(false));
  const { adminUrl } = await start();
  expect(await queryAt(adminUrl, 'SELECT id FROM kept WHERE id = 3')).toEqual([{ id: 3 }]);
});

test('a server that breaks while the bank runs is told of in one line', async () => {
  await start();
  process.kill(serverPid(), 'SIGKILL');
  await eventually(() => expect(said.join()).toContain('PostgreSQL has ended unexpectedly'));
});

test('a process number that another program has by now does not stop the start', async () => {
  const note = join(dataDir, 'data/postmaster.pid');
  writeFileSync(note, `${process.pid}\n${join(dataDir, 'data')}\n0\n1\n\n127.0.0.1\n`);
  const { adminUrl } = await start();
  expect(serverPid()).not.toBe(process.pid);
  expect(await queryAt(adminUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

test('a second bank on the same folder is told who has it, and disturbs nothing', async () => {
  const { url, holder: other } = await startAndKill();
  expect(await problemOf(start())).toContain(`in use by the bank of process ${other.pid}`);
  expect(await queryAt(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  await kill(other);
  await start();
});

test('taken port, data of another release, lost password: one line and its remedy', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  expect(await problemOf(start(port))).toBe(
    `port ${port} is taken: end what listens there, or choose another port`,
  );
  server.close();

  const version = join(dataDir, 'data/PG_VERSION');
  const known = readFileSync(version, 'utf8');
  writeFileSync(version, '9\n');
  expect(await problemOf(start())).toContain('holds data of PostgreSQL 9');
  writeFileSync(version, known);

  const password = readFileSync(join(dataDir, 'password'), 'utf8');
  rmSync(join(dataDir, 'password'));
  expect(await problemOf(start())).toContain('its password file');
  writeFileSync(join(dataDir, 'password'), password, { mode: 0o600 });
  await start();
});

test('a file in the way of the data folder is named', async () => {
  const inTheWay = join(folder, 'file');
  writeFileSync(inTheWay, '');
  const starting = startPostgres({ dataDir: inTheWay, say: () => {} });
  expect(await problemOf(starting)).toContain('a file is in the way');
});

test.runIf(isRoot)(
  'a folder that the database user cannot enter gets its data elsewhere, and says so',
  async () => {
    const locked = join(folder, 'locked');
    mkdirSync(locked, { mode: 0o700 });
    chmodSync(locked, 0o700);
    const home = join(locked, 'bank');
    const lines: string[] = [];
    const server = await startPostgres({ dataDir: home, say: (line) => lines.push(line) });
    const [elsewhere = ''] = foldersElsewhere(home);
    await server.stop();
    expect(lines).toEqual([
      expect.stringMatching(/^The database user \w+ cannot enter .*: its data is kept in .*\.$/),
    ]);
    expect(existsSync(join(elsewhere, 'data/PG_VERSION'))).toBe(true);
    rmSync(elsewhere, { recursive: true, force: true });
  },
);

test.runIf(process.platform === 'linux')(
  'a killed bank that its parent has not noticed yet holds its folder no longer',
  async () => {
    // The child ends only once its parent has become a program that never asks after it.
    const child = '(until [ "$(cat /proc/$$/comm)" = sleep ]; do :; done)';
    const parent = spawn('sh', ['-c', `${child} & echo $!; exec sleep 30`], { stdio: 'pipe' });
    try {
      const [chunk] = await once(parent.stdout, 'data');
      const pid = Number(String(chunk));
      const fields = () => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ');
      await eventually(() => expect(fields()?.[0]).toBe('Z'));
      const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
      const file = join(folder, 'lock-of-a-dead-bank');
      writeFileSync(file, JSON.stringify({ pid, born: `${boot}:${fields()?.[19]}` }));
      takeLock(file, folder)();
      expect(existsSync(file)).toBe(false);
    } finally {
      parent.kill();
    }
  },
);
