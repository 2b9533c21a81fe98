import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { waitFor } from '../../tools/bank/client.ts';
import { newCustomers, startLoad, stock } from './support/chaos-load.ts';
import { driftOf, expectNothingLost, failureSeed, proveLoad } from './support/chaos-proof.ts';
import { type OutageFleet, startOutageFleet } from './support/outage-fleet.ts';
import { withoutRedis } from './support/servers.ts';

const orders = 100;
const caughtUp = { withinMs: 120_000, everyMs: 250 };

type Consumer = {
  readonly name: 'holdings' | 'notifications';
  /** Orders that had an effect there, and the sum of effects, which shows one that came twice. */
  readonly counting: string;
  readonly sumOf: (quantities: readonly string[]) => number;
};

const consumers: readonly Consumer[] = [
  {
    name: 'holdings',
    counting: `SELECT count(DISTINCT order_id)::int AS orders,
      coalesce(sum(quantity), 0)::int AS sum FROM execution`,
    sumOf: (quantities) => quantities.reduce((sum, quantity) => sum + Number(quantity), 0),
  },
  {
    name: 'notifications',
    counting: `SELECT count(DISTINCT event_id)::int AS orders,
      (SELECT count(*)::int FROM in_app_message WHERE title LIKE 'Your % has ended') AS sum
      FROM notification WHERE template = 'ORDER_COMPLETED'`,
    sumOf: ({ length }) => length,
  },
];

type Effects = { readonly orders: number; readonly sum: number };

let bank: OutageFleet;

beforeAll(async () => {
  if (!withoutRedis) bank = await startOutageFleet();
});
afterAll(() => bank?.close());

async function effectsIn({ name, counting }: Consumer): Promise<Effects> {
  const client = new Client({ connectionString: bank.databaseUrls[name] });
  await client.connect();
  const { rows } = await client.query<Effects>(counting);
  await client.end();
  return rows[0] ?? { orders: 0, sum: 0 };
}

/** These many more than before, and the last part of each. */
function effectsReach(consumer: Consumer, before: Effects, quantities: readonly string[]) {
  const wanted = {
    orders: before.orders + quantities.length,
    sum: before.sum + consumer.sumOf(quantities),
  };
  return waitFor(
    `${JSON.stringify(wanted)} effects in ${consumer.name}`,
    async () => {
      const effects = await effectsIn(consumer);
      return effects.orders >= wanted.orders && effects.sum >= wanted.sum ? effects : null;
    },
    caughtUp,
  );
}

test.skipIf(withoutRedis).each(consumers)(
  `100 orders while $name is stopped are taken as ever, and have one effect each${withoutRedis}`,
  async (consumer) => {
    const { name, sumOf } = consumer;
    const before = await effectsIn(consumer);
    const customers = await newCustomers(bank.web, 4);
    const bought = customers.map(() => stock.quantity);
    const start = await effectsReach(consumer, before, bought);
    const stopped = bank.fleet.one(name);
    expect(await stopped.stop()).toBe(0);

    const since = performance.now();
    const load = startLoad({ customers, orders, seed: failureSeed(), name, bids: 0 });
    const asked = (await load.placed).map(({ quantity }) => quantity);
    const placedWithinMs = Math.round(performance.now() - since);
    expect(await effectsIn(consumer)).toEqual(start);

    await stopped.restart();
    await effectsReach(consumer, start, asked);
    const counts = await proveLoad(load, customers);
    const drift = await driftOf(bank.databaseUrls);
    const after = await effectsIn(consumer);
    const effects = after.orders - start.orders;
    expectNothingLost(`${name} stopped`, { ...counts, effects, placedWithinMs, drift });
    expect({ effects, sum: after.sum - start.sum }).toEqual({
      ...{ effects: orders, sum: sumOf(asked) },
    });
    expect(load.tries).toEqual({ attempts: orders, troubles: {} });
  },
);
