import { createChance, shuffled } from '@simplebank/testkit/chance';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { waitFor } from '../../tools/bank/client.ts';
import { placeOrder, seeOrder } from '../../tools/bank/trading.ts';
import { type Fleet, startFleet } from '../../tools/distributed/fleet.ts';
import { processNames } from '../../tools/distributed/processes.ts';
import { databaseOwners } from '../../tools/embedded/settings.ts';
import { openDoors, quick } from '../e2e/bank/doors.ts';
import { noTries } from './support/chaos-client.ts';
import { type Customer, newCustomers, type Placed } from './support/chaos-load.ts';
import { driftOf, expectNothingLost, failureSeed, proveLoad } from './support/chaos-proof.ts';
import {
  type OwnPostgres,
  type OwnRedis,
  startOwnPostgres,
  startOwnRedis,
  withoutRedis,
} from './support/servers.ts';

/** OPS-1. */
const readyMsMax = 10_000;
const startOrdersMax = 10;
const budgetMs = 120_000;
/** The second one begins while the first one waits for its database. */
const startedAtOnce = 2;
/** Who came before the venue calls it again when its circuit has rested for 30 s. */
const filledWithinMs = 60_000;

let postgres: OwnPostgres;
let redis: OwnRedis;
let fleet: Fleet;
type Times = Record<string, number>;

beforeAll(async () => {
  if (withoutRedis) return;
  [postgres, redis] = await Promise.all([startOwnPostgres(), startOwnRedis()]);
  const servers = { adminUrl: postgres.adminUrl, redisUrl: redis.url };
  fleet = await startFleet({ ...servers, env: quick, without: processNames });
});
afterAll(async () => {
  await fleet?.close();
  await redis?.close();
  await postgres?.close();
});

/** No process knows another's database but the reconciler, which compares all of them. */
function ownDatabaseOnly(name: string): Readonly<Record<string, undefined>> {
  const others = databaseOwners.filter((owner) => owner !== name && name !== 'reconciler');
  return Object.fromEntries(
    others.map((owner) => [`${owner.toUpperCase()}_DATABASE_URL`, undefined]),
  );
}

async function timed(times: Times, name: string, start: () => Promise<unknown>): Promise<void> {
  const startedAt = performance.now();
  await start();
  const readyMs = Math.round(performance.now() - startedAt);
  times[name] = Math.max(times[name] ?? 0, readyMs);
}

/** Each is ready before the next but one begins: nobody waits for somebody who comes later. */
async function startInOrder(order: readonly string[], slowest: Times): Promise<void> {
  const waiting = [...order];
  const lane = async () => {
    for (let name = waiting.shift(); name; name = waiting.shift()) {
      await timed(slowest, name, fleet.one(name).restart);
    }
  };
  await Promise.all(Array.from({ length: startedAtOnce }, lane));
}

const stopAll = () => Promise.all(fleet.instances.map(({ stop }) => stop()));

async function buyOne(customer: Customer, key: string): Promise<Placed> {
  const door = customer.door();
  const wish = { assetId: 'ABC', side: 'BUY', type: 'MARKET', quantity: '1' } as const;
  const { accountId } = customer;
  const { id } = await placeOrder(door, { ...wish, accountId, idempotencyKey: key });
  await waitFor(
    `order ${key} to be filled`,
    async () => ((await seeOrder(door, id))?.status === 'FILLED' ? true : null),
    { withinMs: filledWithinMs },
  );
  return { customer, key, orderId: id, end: 'FILLED', quantity: '1' };
}

test.skipIf(withoutRedis)(
  `each process alone with its database and Redis is ready within 10 s${withoutRedis}`,
  async () => {
    const alone: Times = {};
    for (const name of processNames) {
      await timed(alone, name, () => fleet.start(name, ownDatabaseOnly(name)));
      const running = fleet.instances.filter((instance) => instance.running);
      expect(running.map((instance) => instance.name)).toEqual([name]);
      expect([name, await fleet.one(name).stop()]).toEqual([name, 0]);
    }
    console.log(`alone, ms until ready: ${JSON.stringify(alone)}`);
    expect(Object.entries(alone).filter(([, readyMs]) => readyMs > readyMsMax)).toEqual([]);
  },
);

test.skipIf(withoutRedis)(
  `in whatever order they start, all become ready and an order is filled${withoutRedis}`,
  async () => {
    const chance = createChance(failureSeed());
    const slowest: Times = {};
    const placed: Placed[] = [];
    let customers: readonly Customer[] = [];
    const endsAt = performance.now() + budgetMs;
    for (let nth = 0; nth < startOrdersMax && performance.now() < endsAt; nth += 1) {
      if (nth > 0) expect(new Set(await stopAll())).toEqual(new Set([0]));
      const order = shuffled(processNames, chance);
      await startInOrder(order, slowest);
      if (nth === 0) customers = await newCustomers((await openDoors(fleet, fleet.keys)).web, 1);
      for (const customer of customers) placed.push(await buyOne(customer, `start-${nth}`));
      console.log(`filled after the start of ${order.join(', ')}`);
    }
    const load = {
      tries: noTries(),
      accepted: () => placed.length,
      placed: Promise.resolve(placed),
    };
    const counts = await proveLoad(load, customers);
    const urls = Object.entries(fleet.databases).map(([name, { url }]) => [name, url] as const);
    const drift = await driftOf(Object.fromEntries(urls));
    expectNothingLost(`started in ${placed.length} orders`, { ...counts, drift, slowest });
    expect(placed.length).toBeGreaterThan(1);
  },
);
