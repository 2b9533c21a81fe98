import { randomUUID } from 'node:crypto';
import { openQueues } from '@simplebank/chassis/queue';
import { CustomerRegisteredV1 } from '@simplebank/contracts/accounts';
import type { Envelope } from '@simplebank/contracts/event';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Fleet, startFleet } from '../../tools/distributed/fleet.ts';
import { processNames } from '../../tools/distributed/processes.ts';
import { quick } from '../e2e/bank/doors.ts';
import { silent } from '../events/support/bank.ts';
import { until } from '../events/support/until.ts';
import {
  type OwnPostgres,
  type OwnRedis,
  startOwnPostgres,
  startOwnRedis,
  withoutRedis,
} from './support/servers.ts';

/** OPS-74: three beats of 5 s; a probe may be asked a little later. */
const silentMs = 15_000;
const noticedMsMax = silentMs + 10_000;
const name = 'notifications';

let postgres: OwnPostgres;
let redis: OwnRedis;
let fleet: Fleet;

beforeAll(async () => {
  if (withoutRedis) return;
  [postgres, redis] = await Promise.all([startOwnPostgres(), startOwnRedis()]);
  const without = processNames.filter((other) => other !== name);
  const servers = { adminUrl: postgres.adminUrl, redisUrl: redis.url };
  fleet = await startFleet({ ...servers, env: quick, without });
});
afterAll(async () => {
  await fleet?.close();
  await redis?.close();
  await postgres?.close();
});

const aCustomer = (): Envelope<CustomerRegisteredV1> => {
  const customerId = randomUUID();
  return {
    ...{ eventId: randomUUID(), type: CustomerRegisteredV1.name },
    ...{ aggregateId: customerId, aggregateVersion: 1, occurredAt: new Date().toISOString() },
    ...{ correlationId: randomUUID(), causationId: null, traceparent: null },
    payload: { customerId, number: '1', name: 'Ina Investor', email: 'ina@example.com' },
  };
};

/** As another process sends it. */
async function send(event: Envelope): Promise<void> {
  const prefix = fleet.env['REDIS_PREFIX'];
  const queues = await openQueues({ redisUrl: redis.url, prefix, log: silent });
  await queues.send(name, [JSON.stringify(event)]).finally(queues.close);
}

const statusOf = async (route: string): Promise<number> => {
  const answer = await fetch(`${fleet.one(name).operationsUrl}${route}`);
  await answer.arrayBuffer();
  return answer.status;
};
const ready = () => statusOf('/health/ready');

/** Nothing can be marked as handled, nor as failed, while it is held. */
async function holdInbox(): Promise<Client> {
  const client = new Client({ connectionString: fleet.databases[name]?.adminUrl });
  await client.connect();
  await client.query('BEGIN; LOCK TABLE inbox_event, parked_event IN ACCESS EXCLUSIVE MODE');
  return client;
}

test.skipIf(withoutRedis)(
  `a worker that is blocked is not ready after three missed beats, and it lives${withoutRedis}`,
  async () => {
    const event = aCustomer();
    const holder = await holdInbox();
    expect([await ready(), await statusOf('/health/live')]).toEqual([200, 200]);
    const since = performance.now();
    await send(event);
    await until('it is not ready', async () => (await ready()) === 503, noticedMsMax);
    const noticedMs = Math.round(performance.now() - since);
    expect(await statusOf('/health/live')).toBe(200);

    await holder.query('ROLLBACK');
    await until('it is ready again', async () => (await ready()) === 200, noticedMsMax);
    const { customerId } = event.payload;
    await until('the customer is known', async () => {
      const { rows } = await holder.query('SELECT FROM contact WHERE customer_id = $1', [
        customerId,
      ]);
      return rows.length === 1;
    });
    await holder.end();
    console.log(`a blocked worker was not ready after ${noticedMs} ms`);
    expect(noticedMs).toBeGreaterThanOrEqual(silentMs - 1_000);
  },
);
