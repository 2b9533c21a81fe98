import { Decimal } from '@simplebank/kernel/decimal';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { deposit } from '../../tools/bank/customer.ts';
import { allOrders } from '../support/books.ts';
import { type ChaosBank, startChaosBank, worstSecond } from './support/chaos-bank.ts';
import { type Customer, newCustomers, startLoad } from './support/chaos-load.ts';
import { driftOf, expectNothingLost, failureSeed, proveLoad } from './support/chaos-proof.ts';
import {
  type OwnPostgres,
  type OwnRedis,
  startOwnPostgres,
  startOwnRedis,
  withoutRedis,
} from './support/servers.ts';

const orders = 40;
const extra = '250.00';
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

/** Money arrives without Redis; answers the customer with what has been paid in by then. */
async function payIn(customer: Customer): Promise<Customer> {
  const { accountId } = customer;
  await deposit(customer.door(), { accountId, amount: extra, key: 'in the outage' });
  const deposited = new Decimal(customer.deposited).plus(extra).toFixed(2);
  return Object.assign(customer, { deposited });
}

async function statusesOf(customer: Customer): Promise<readonly string[]> {
  const all = await allOrders(customer.door(), customer.accountId);
  const others = all.filter(({ id }) => id !== customer.stockOrderId);
  return [...new Set(others.map(({ status }) => status))].toSorted();
}

test.skipIf(withoutRedis)(
  `while Redis is down money arrives and orders are taken, and they end afterwards${withoutRedis}`,
  async () => {
    const customers = await newCustomers(bank.web, 2);
    await redis.kill();
    const load = startLoad({ customers, orders, seed: failureSeed() });
    await Promise.all([load.placed, ...customers.map(payIn)]);
    const { attempts, troubles } = load.tries;
    const taken = await Promise.all(customers.map(statusesOf));
    await redis.start();

    const counts = await proveLoad(load, customers);
    const drift = await driftOf(bank.databaseUrls);
    const linesPerSecond = worstSecond(bank.troubles);
    expectNothingLost('Redis down', { ...counts, drift, linesPerSecond, taken, troubles });
    // Nobody had to ask twice, and nothing went on before its event could travel.
    expect(troubles).toEqual({});
    expect(attempts).toBeGreaterThanOrEqual(orders);
    expect(taken.flat().filter((status) => status === 'FILLED')).toEqual([]);
    expect(linesPerSecond).toBeLessThan(linesPerSecondMax);
  },
);
