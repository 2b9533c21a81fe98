import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Instance } from '../../tools/distributed/fleet.ts';
import { deployables } from '../../tools/distributed/processes.ts';
import { until } from '../events/support/until.ts';
import { newCustomers, startLoad } from './support/chaos-load.ts';
import { driftOf, expectNothingLost, failureSeed, proveLoad } from './support/chaos-proof.ts';
import { type OutageFleet, startOutageFleet } from './support/outage-fleet.ts';
import { withoutRedis } from './support/servers.ts';
import { startReads } from './support/steady-reads.ts';

/** OPS-75. */
const endsWithinMs = 10_000;
/** Four times as long as the round robin takes to hear that an instance is not ready. */
const noticeMs = '1000';
const takenUpWithinMs = 30_000;
const ordersPerSecond = 1;
const ordersMax = 1_000;
const readsPerSecond = 3;

const ours = deployables.filter(({ outside }) => !outside).map(({ name }) => name);

let bank: OutageFleet;

beforeAll(async () => {
  if (withoutRedis) return;
  bank = await startOutageFleet({ copies: 2, env: { DRAIN_NOTICE_MS: noticeMs } });
});
afterAll(() => bank?.close());

/** The next instance may go only when this one has requests again; a worker is back when ready. */
async function untilTakenUp({ name, url }: Instance): Promise<void> {
  const door = bank.fleet.urls[name];
  if (url === null || !door) return;
  const given = () => bank.fleet.given(name)[url] ?? 0;
  const before = given();
  await until(
    `${name} has requests again`,
    async () => {
      await (await fetch(`${door}/health`)).arrayBuffer();
      return given() > before;
    },
    takenUpWithinMs,
  );
}

type Restarted = {
  readonly name: string;
  readonly code: number | null;
  readonly endMs: number;
  /** From its end to its next request, or to its readiness. */
  readonly backMs: number;
};

async function restart(instance: Instance): Promise<Restarted> {
  const { name, pid } = instance;
  const toldAt = performance.now();
  const code = await instance.stop();
  const endMs = Math.round(performance.now() - toldAt);
  await instance.restart();
  expect(instance.pid).not.toBe(pid);
  await untilTakenUp(instance);
  const backMs = Math.round(performance.now() - toldAt - endMs);
  console.log(`${name} ${instance.index} ended with ${code} in ${endMs} ms, back in ${backMs} ms`);
  return { name, code, endMs, backMs };
}

async function restartAll(): Promise<readonly Restarted[]> {
  const restarted: Restarted[] = [];
  const instances = bank.fleet.instances.filter(({ name }) => ours.includes(name));
  for (const instance of instances) restarted.push(await restart(instance));
  return restarted;
}

/** The longest that an instance of each name took to end. */
const longest = (restarted: readonly Restarted[]) =>
  Object.fromEntries(
    ours.map((name) => {
      const own = restarted.filter((one) => one.name === name);
      return [name, Math.max(...own.map(({ endMs }) => endMs))];
    }),
  );

test.skipIf(withoutRedis)(
  `every instance is restarted in turn, and no order and no request is lost${withoutRedis}`,
  async () => {
    const customers = await newCustomers(bank.web, 6);
    let isOver = false;
    const load = startLoad({
      ...{ customers, orders: ordersMax, perSecond: ordersPerSecond, seed: failureSeed() },
      ...{ name: 'rolling', enough: () => isOver },
    });
    const reads = startReads({ bank, customers, perSecond: readsPerSecond });
    const restarted = await restartAll();
    const meanwhile = load.accepted();
    isOver = true;
    const read = await reads.stop();
    const counts = await proveLoad(load, customers);
    const drift = await driftOf(bank.databaseUrls);

    const { troubles } = load.tries;
    const told = { ...read, troubles, instances: restarted.length, endMs: longest(restarted) };
    expectNothingLost('rolling restart', { ...counts, drift, meanwhile, ...told });
    expect(restarted).toHaveLength(2 * ours.length);
    expect(restarted.filter(({ code, endMs }) => code !== 0 || endMs > endsWithinMs)).toEqual([]);
    expect(read.asked).toBeGreaterThan(restarted.length * readsPerSecond);
    expect({ reads: read.failed, orders: troubles }).toEqual({ reads: {}, orders: {} });
  },
  600_000,
);
