import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BankClient, waitFor } from '../../tools/bank/client.ts';
import { processNames } from '../../tools/distributed/processes.ts';
import { logFileOf } from '../../tools/distributed/supervisor/log.ts';
import {
  distributedFolder,
  type RunningNote,
  readRunning,
} from '../../tools/distributed/supervisor/running.ts';
import { openKeys } from '../../tools/embedded/keys.ts';
import { databaseOwners } from '../../tools/embedded/settings.ts';
import { queueDatabase } from '../../tools/migrate/databases.ts';
import { openTemporaryFolder } from '../../tools/migrate/shadow.ts';
import { freePort } from '../conformance/support/wire.ts';
import { openDoors, quick } from '../e2e/bank/doors.ts';
import { newCustomers, startLoad } from './support/chaos-load.ts';
import { driftOf, expectNothingLost, failureSeed, proveLoad } from './support/chaos-proof.ts';
import { type OwnRedis, startOwnRedis, withoutRedis } from './support/servers.ts';

const orders = 60;
const startsWithinMs = 180_000;
/** As long as the supervisor waits for whoever hangs. */
const stopsWithinMs = 25_000;
const wordsMax = 2_000;
const followParent = new URL('../../tools/distributed/follow-parent.mjs', import.meta.url).href;

let dataDir = '';
let webPort = 0;
let redis: OwnRedis;
let supervisor: Supervisor | null = null;

beforeAll(async () => {
  if (withoutRedis) return;
  dataDir = openTemporaryFolder('simplebank-supervised-');
  webPort = await freePort();
  redis = await startOwnRedis();
});
afterAll(async () => {
  await supervisor?.pressCtrlC();
  await redis?.close();
  if (dataDir) rmSync(dataDir, { recursive: true, force: true });
});

type Supervisor = {
  /** Resolves when every process is ready. */
  readonly running: () => Promise<RunningNote>;
  /** What a terminal does: SIGINT to the supervisor and to whoever shares its process group. */
  readonly pressCtrlC: () => Promise<{ readonly code: number | null; readonly tookMs: number }>;
  readonly said: () => string;
};

/** A group of its own, as a terminal makes one; yet it ends with this process. */
function spawnSupervisor(): ChildProcess {
  const settings = { SIMPLEBANK_DATA_DIR: dataDir, SIMPLEBANK_DEMO: 'off', REDIS_URL: redis.url };
  const imports = ['--import', followParent, '--import', 'tsx'];
  return spawn(process.execPath, [...imports, 'tools/start-distributed.ts', '--own-postgres'], {
    env: { ...process.env, ...quick, ...settings, WEB_PORT: String(webPort) },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: true,
  });
}

/** `npm run start:distributed -- --own-postgres` */
function startSupervisor(): Supervisor {
  const child = spawnSupervisor();
  const ended = once(child, 'close');
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
  }
  const look = async () => {
    if (hasEnded()) throw new Error(`it ended with ${child.exitCode}: ${said.slice(-wordsMax)}`);
    return readRunning(dataDir);
  };
  const pressCtrlC = async () => {
    const toldAt = performance.now();
    if (!hasEnded() && child.pid) process.kill(-child.pid, 'SIGINT');
    await ended;
    return { code: child.exitCode, tookMs: Math.round(performance.now() - toldAt) };
  };
  const running = () => waitFor('a running bank', look, { withinMs: startsWithinMs });
  supervisor = { running, pressCtrlC, said: () => said.slice(-wordsMax) };
  return supervisor;
}

/** Who wrote that it has stopped, having ended its work. */
function stoppedWell(): readonly string[] {
  const lines = readFileSync(logFileOf(distributedFolder(dataDir)), 'utf8').split('\n');
  return lines
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { readonly service: string; readonly message: string })
    .filter(({ message }) => message === 'stopped')
    .map(({ service }) => service);
}

async function web({ urls }: RunningNote): Promise<BankClient> {
  const keys = await openKeys(distributedFolder(dataDir), [...databaseOwners, queueDatabase]);
  return (await openDoors({ urls }, keys)).web;
}

const databaseUrls = ({ env }: RunningNote) =>
  Object.fromEntries(
    databaseOwners.map((name) => [name, env[`${name.toUpperCase()}_DATABASE_URL`] ?? '']),
  );

test.skipIf(withoutRedis)(
  `Ctrl-C in the middle of orders ends all with 0, and the next start goes on${withoutRedis}`,
  async () => {
    const first = startSupervisor();
    const customers = await newCustomers(await web(await first.running()), 2);
    const load = startLoad({ customers, orders, seed: failureSeed(), perSecond: 10 });
    await waitFor('half of the orders', async () => (load.accepted() >= orders / 2 ? true : null));
    const { code, tookMs } = await first.pressCtrlC();
    const acceptedBefore = load.accepted();
    expect(code, first.said()).toBe(0);
    expect(tookMs).toBeLessThan(stopsWithinMs);
    expect(stoppedWell().toSorted()).toEqual(processNames.toSorted());
    expect(readRunning(dataDir)).toBeNull();
    const postmaster = join(distributedFolder(dataDir), 'postgres/data/postmaster.pid');
    expect(existsSync(postmaster)).toBe(false);

    const second = startSupervisor();
    const note = await second.running();
    const counts = await proveLoad(load, customers);
    const drift = await driftOf(databaseUrls(note));
    const again = await second.pressCtrlC();
    const told = { acceptedBefore, tookMs, troubles: load.tries.troubles };
    expectNothingLost('Ctrl-C', { ...counts, drift, ...told });
    expect(again.code).toBe(0);
  },
);
