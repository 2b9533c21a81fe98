import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BankClient, bankClient } from '../../tools/bank/client.ts';
import type { Instance } from '../../tools/distributed/fleet.ts';
import { descriptions } from '../../tools/services/descriptions.ts';
import { signInOnPhone } from '../e2e/rest/phone.ts';
import { until } from '../events/support/until.ts';
import { lookAtScreens, screenNames, writtenMatrix } from './support/channel-screens.ts';
import { type Customer, newCustomers, type Placed } from './support/chaos-load.ts';
import { driftOf, expectNothingLost, proveLoad } from './support/chaos-proof.ts';
import {
  askOnce,
  type OutageFleet,
  operationsJson,
  startOutageFleet,
} from './support/outage-fleet.ts';
import { withoutRedis } from './support/servers.ts';
import { type Fate, fateOf, placeOnce, signsIn, untilFilled } from './support/while-down.ts';

const judgedWithinMs = 10_000;
/** A circuit rests for 30 s, and then one call tries. */
const backWithinMs = 60_000;

type Costs = { readonly signsIn: boolean; readonly buy: Fate; readonly sale: Fate };
const nothing: Costs = { signsIn: true, buy: 'filled', sale: 'filled' };
/** What customers cannot do without a process; `docs/dependency-matrix.md` says what they see. */
const costs = {
  accounts: { signsIn: false, buy: 'waits', sale: 'filled' },
  orders: { signsIn: true, buy: 'not taken', sale: 'not taken' },
  market: { signsIn: true, buy: 'waits', sale: 'waits' },
  holdings: { signsIn: true, buy: 'filled', sale: 'waits' },
  ...{ assets: nothing, strategies: nothing, notifications: nothing, reconciler: nothing },
} as const satisfies Readonly<Record<string, Costs>>;
const channels = ['web', 'mobile', 'federation'] as const;

const written = writtenMatrix();
const classes = new Map(descriptions().map(({ name, criticality }) => [name, criticality]));
/** The reconciler is no context and has no description: what it finds, it finds later. */
const rollupWithout = (name: string): string =>
  classes.get(name) === 'critical' ? 'unhealthy' : 'degraded';

let bank: OutageFleet;
let customer: Customer;
let usualMs = 0;
const placed: Placed[] = [];
let attempts = 0;

const one = (name: string): Instance => bank.fleet.one(name);

type Rollup = {
  readonly status: string;
  readonly processes: readonly { readonly name: string; readonly status: string }[];
};
async function rollupOf({ operationsUrl }: Instance) {
  const { status, processes } = await operationsJson<Rollup>(`${operationsUrl}/health/rollup`);
  return { status, down: processes.filter((each) => each.status === 'down').map((p) => p.name) };
}

const whole = Object.fromEntries(screenNames.map((name) => [name, 'whole']));
const look = (door: BankClient = customer.door()) => lookAtScreens(door, customer.accountId);

async function untilWell(): Promise<void> {
  const isWell = async () => {
    const seen = Object.values(await look());
    const signedIn = await signsIn(bank.web, customer.credentials);
    return signedIn && seen.every((each) => each === 'whole');
  };
  await until('every screen is whole', isWell, backWithinMs);
  const isHealthy = async () => (await rollupOf(one('web'))).status === 'healthy';
  await until('the bank is healthy', isHealthy, judgedWithinMs);
}

async function place(side: 'BUY' | 'SELL', without: string) {
  const key = `${side}-${without}`;
  attempts += 1;
  const attempt = await placeOnce(customer, side, key);
  if (attempt.id === null) return attempt;
  placed.push({ customer, key, orderId: attempt.id, end: 'FILLED', quantity: '1' });
  return attempt;
}

beforeAll(async () => {
  if (withoutRedis) return;
  bank = await startOutageFleet({ env: { MOBILE_ADHOC_OPERATIONS: 'on' } });
  const [first] = await newCustomers(bank.web, 1);
  if (!first) throw new Error('nobody is a customer');
  customer = first;
  await untilWell();
  usualMs = await untilFilled(customer, await place('BUY', 'nothing'));
}, 400_000);
afterAll(async () => {
  await bank?.close();
}, 60_000);

test('with any one context down a screen at least works in full', () => {
  for (const name of Object.keys(costs)) {
    expect(Object.keys(written[name] ?? {}), name).toEqual(screenNames);
    expect(Object.values(written[name] ?? {}), name).toContain('whole');
  }
});

test.skipIf(withoutRedis).each(Object.entries(costs))(
  `without %s the rollup, the screens, sign-in and orders are as they are written${withoutRedis}`,
  async (name, expected) => {
    await untilWell();
    await one(name).kill();
    const rollup = { status: rollupWithout(name), down: [name] };
    const isSeen = async () => (await rollupOf(one('web'))).status === rollup.status;
    await until(`the rollup says ${rollup.status}`, isSeen, judgedWithinMs);
    expect(await rollupOf(one('web'))).toEqual(rollup);

    const [buy, sale] = [await place('BUY', name), await place('SELL', name)];
    const found = {
      sale: await fateOf(customer, sale, { fate: expected.sale, usualMs }),
      buy: await fateOf(customer, buy, { fate: expected.buy, usualMs }),
      signsIn: await signsIn(bank.web, customer.credentials),
      screens: await look(),
    };
    console.log(`without ${name}: ${JSON.stringify(found)}`);
    expect(found).toEqual({ ...expected, screens: written[name] });

    await one(name).restart();
    await untilWell();
    for (const order of [buy, sale]) {
      if (order.id !== null) await untilFilled(customer, order, backWithinMs);
    }
  },
);

test.skipIf(withoutRedis)(
  `a gateway that is down costs its channel only, and whoever watches it says so${withoutRedis}`,
  async () => {
    await untilWell();
    const watched = channels.map((name) => `${name}=${one(name).operationsUrl}`);
    const watcher = await bank.fleet.start('federation', {
      ROLLUP_OPERATIONS_URLS: watched.join(','),
    });
    const url = (name: string) => `${one(name).url}/graphql`;
    const phone = bankClient(
      url('mobile'),
      await signInOnPhone(url('mobile'), customer.credentials),
    );
    const works = {
      web: async () => expect(await look()).toEqual(whole),
      mobile: async () => expect(await look(phone)).toEqual(whole),
      federation: async () => {
        const { told } = await askOnce(bank.staff, '{ asset(id: "ABC") { name } }', {});
        expect(told).toEqual([]);
      },
    };
    for (const name of channels) {
      await one(name).kill();
      const isSeen = async () => (await rollupOf(watcher)).down.includes(name);
      await until(`${name} is missed`, isSeen, judgedWithinMs);
      expect(await rollupOf(watcher)).toEqual({ status: 'unhealthy', down: [name] });
      await expect(works[name]()).rejects.toThrow('fetch failed');
      for (const other of channels.filter((each) => each !== name)) await works[other]();
      await one(name).restart();
      await works[name]();
    }
  },
);

test.skipIf(withoutRedis)(`what was taken meanwhile is there, once${withoutRedis}`, async () => {
  const load = { tries: { attempts, troubles: {} }, accepted: () => placed.length };
  const counts = await proveLoad({ ...load, placed: Promise.resolve(placed) }, [customer]);
  const drift = await driftOf(bank.databaseUrls);
  expectNothingLost('each process stopped', { ...counts, drift });
});
