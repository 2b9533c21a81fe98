import { afterAll, beforeAll, expect, test } from 'vitest';
import { waitFor } from '../../tools/bank/client.ts';
import { type ChaosBank, startChaosBank, worstSecond } from './support/chaos-bank.ts';
import { type Load, newCustomers, startLoad } from './support/chaos-load.ts';
import { driftOf, expectNothingLost, failureSeed, proveLoad } from './support/chaos-proof.ts';
import {
  type OwnPostgres,
  type OwnRedis,
  startOwnPostgres,
  startOwnRedis,
  withoutRedis,
} from './support/servers.ts';

const orders = 400;
/** A Redis that is away may tell of itself, and not fill the disk. */
const linesPerSecondMax = 60;

let postgres: OwnPostgres;
let redis: OwnRedis;
let bank: ChaosBank;

beforeAll(async () => {
  if (withoutRedis) return;
  [postgres, redis] = await Promise.all([startOwnPostgres(), startOwnRedis()]);
  bank = await startChaosBank({ adminUrl: postgres.adminUrl, redisUrl: redis.url });
});
afterAll(async () => {
  await bank?.close();
  await redis?.close();
  await postgres?.close();
});

const whenAccepted = (load: Load, count: number) =>
  waitFor(`${count} orders accepted`, async () => (load.accepted() >= count ? true : null), {
    ...{ withinMs: 120_000, everyMs: 5 },
  });

test.skipIf(withoutRedis)(
  `a Redis that loses everything under load costs no order and doubles none${withoutRedis}`,
  async () => {
    const seed = failureSeed();
    const customers = await newCustomers(bank.web, 6);
    const load = startLoad({ customers, orders, seed });
    await whenAccepted(load, orders / 6);
    await redis.wipe();
    await whenAccepted(load, (2 * orders) / 6);
    await redis.kill();
    await redis.start();
    await whenAccepted(load, (3 * orders) / 6);
    await redis.wipe();
    await whenAccepted(load, (4 * orders) / 6);
    await redis.kill();
    await whenAccepted(load, (5 * orders) / 6);
    await redis.start();

    const counts = await proveLoad(load, customers);
    const drift = await driftOf(bank.databaseUrls);
    const linesPerSecond = worstSecond(bank.troubles);
    const { troubles } = load.tries;
    expectNothingLost('Redis wiped', { ...counts, drift, linesPerSecond, troubles });
    expect(linesPerSecond).toBeLessThan(linesPerSecondMax);
  },
);
