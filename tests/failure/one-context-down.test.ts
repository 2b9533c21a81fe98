import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BankClient } from '../../tools/bank/client.ts';
import type { Instance } from '../../tools/distributed/fleet.ts';
import { until } from '../events/support/until.ts';
import type { Customer, Load } from './support/chaos-load.ts';
import { newCustomers, startLoad } from './support/chaos-load.ts';
import { driftOf, expectNothingLost, failureSeed, proveLoad } from './support/chaos-proof.ts';
import type { Answer, OutageFleet } from './support/outage-fleet.ts';
import { askOnce, operationsJson, startOutageFleet } from './support/outage-fleet.ts';
import {
  type Context,
  contexts,
  missingIn,
  missingWith,
  screenWithout,
} from './support/screens.ts';
import { withoutRedis } from './support/servers.ts';

/** OPS-2: what the loss may add to what the same screen takes with all contexts well. */
const stoppedMsMax = 2_000;
const hangingMsMax = 5_000;
/** A circuit rests for 30 s, and then one call tries. */
const backWithinMs = 60_000;
/** OPS-69: what the loss of a process makes of the bank. */
const rollups: Readonly<Record<string, string>> = {
  ...{ accounts: 'unhealthy', orders: 'unhealthy', market: 'unhealthy' },
  ...{
    holdings: 'degraded',
    assets: 'degraded',
    strategies: 'degraded',
    notifications: 'degraded',
  },
};

const seed = failureSeed();
let bank: OutageFleet;
let customers: readonly Customer[] = [];
/** A second web gateway, which knows where all others run. */
let watcher: Instance;
let asked = 0;

beforeAll(async () => {
  if (withoutRedis) return;
  bank = await startOutageFleet();
  const { fleet, web } = bank;
  const peers = Object.keys(rollups).map((name) => `${name}=${fleet.one(name).operationsUrl}`);
  const env = { ROLLUP_OPERATIONS_URLS: peers.join(',') };
  watcher = await fleet.start('web', env);
  customers = await newCustomers(web, 2);
}, 400_000);
afterAll(async () => {
  await bank?.close();
}, 60_000);

const one = (name: string): Instance => bank.fleet.one(name);
const customer = (): Customer => {
  const [first] = customers;
  if (!first) throw new Error('nobody is a customer');
  return first;
};

/** A screen of all contexts but these, never from a cache: no two ask the same. */
function look(without: readonly Context[] = [], door: BankClient = customer().door()) {
  asked += 1;
  const { accountId: account, stockOrderId: order } = customer();
  return askOnce(door, screenWithout(without), { account, order, n: 1 + (asked % 100) });
}

const isWhole = ({ data, told }: Answer) => told.length === 0 && missingIn(data).length === 0;
const untilWhole = (what: string) =>
  until(`all screens are whole ${what}`, async () => isWhole(await look()), backWithinMs);

function expectOnlyItsOwn(down: Context, answer: Answer): void {
  expect({ status: answer.status, missing: missingIn(answer.data) }).toEqual({
    ...{ status: 200, missing: missingWith(down) },
  });
  expect(new Set(answer.told.map(({ code, subgraph }) => `${code} of ${subgraph}`))).toEqual(
    new Set([`SUBGRAPH_UNAVAILABLE of ${down}`]),
  );
}

/** Others' screens, asked one after another while something goes on; none of them has an error. */
async function othersMeanwhile(down: Context, work: () => Promise<Answer>) {
  const took: number[] = [];
  let isOver = false;
  const working = work().finally(() => {
    isOver = true;
  });
  while (!isOver || took.length < 3) {
    const { status, told, tookMs } = await look(missingWith(down));
    expect({ down, status, told }).toEqual({ down, status: 200, told: [] });
    took.push(tookMs);
  }
  return { answer: await working, othersMs: Math.round(Math.max(...took)) };
}

const rollup = async () => {
  type Rollup = { readonly status: string };
  return (await operationsJson<Rollup>(`${watcher.operationsUrl}/health/rollup`)).status;
};

async function proved(what: string, load: Load, more: object = {}): Promise<void> {
  const counts = await proveLoad(load, customers);
  const drift = await driftOf(bank.databaseUrls);
  expectNothingLost(what, { ...counts, ...more, drift });
}

test.skipIf(withoutRedis)(
  `each context stopped in turn costs its own fields only, and the rollup its class${withoutRedis}`,
  async () => {
    await untilWhole('before anything stops');
    expect(await rollup()).toBe('healthy');
    const load = startLoad({ customers, orders: 60, seed, perSecond: 1, name: 'stopped' });
    const measured: Record<string, object> = {};
    for (const name of contexts) {
      const { tookMs: usualMs } = await look();
      await one(name).kill();
      const { answer, othersMs } = await othersMeanwhile(name, () => look());
      expectOnlyItsOwn(name, answer);
      expect(answer.tookMs - usualMs).toBeLessThan(stoppedMsMax);
      const expected = rollups[name];
      await until(`the rollup says ${expected}`, async () => (await rollup()) === expected, 10_000);
      measured[name] = {
        usualMs: Math.round(usualMs),
        tookMs: Math.round(answer.tookMs),
        othersMs,
      };
      await one(name).restart();
      await untilWhole(`after ${name} came back`);
    }
    await one('market').kill();
    await until('the market is missed', async () => (await rollup()) === 'unhealthy', 10_000);
    expect(isWhole(await look())).toBe(true);
    await one('market').restart();
    await until('the bank is healthy', async () => (await rollup()) === 'healthy', backWithinMs);
    await proved('one context stopped', load, { measured });
  },
  600_000,
);

test.skipIf(withoutRedis)(
  `each context hung in turn costs its own fields, within 5 s; others do not wait${withoutRedis}`,
  async () => {
    customers = await newCustomers(bank.web, 2);
    await untilWhole('before anything hangs');
    const load = startLoad({ customers, orders: 30, seed: seed + 1, perSecond: 1, name: 'hung' });
    const measured: Record<string, object> = {};
    for (const name of contexts) {
      const { tookMs: usualMs } = await look();
      one(name).hang();
      const { answer, othersMs } = await othersMeanwhile(name, () => look());
      one(name).resume();
      expectOnlyItsOwn(name, answer);
      expect(answer.tookMs - usualMs).toBeLessThan(hangingMsMax);
      expect(othersMs - usualMs).toBeLessThan(stoppedMsMax);
      measured[name] = {
        usualMs: Math.round(usualMs),
        tookMs: Math.round(answer.tookMs),
        othersMs,
      };
      await untilWhole(`after ${name} went on`);
    }
    await proved('one context hung', load, { measured });
  },
  600_000,
);

test.skipIf(withoutRedis)(
  `100 orders while holdings is stopped have 100 effects once it is back${withoutRedis}`,
  async () => {
    customers = await newCustomers(bank.web, 2);
    await one('holdings').kill();
    const load = startLoad({ customers, orders: 100, seed: seed + 2, name: 'without-holdings' });
    await load.placed;
    await one('holdings').restart();
    await proved('holdings stopped', load);
  },
  400_000,
);
