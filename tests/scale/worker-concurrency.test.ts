import { subscribers } from '@simplebank/contracts/subscriptions';
import { expect, inject, test } from 'vitest';
import { orderEnds, placeOrder } from '../../tools/bank/trading.ts';
import { askRedis } from '../../tools/distributed/redis-keys.ts';
import { joinFleet } from '../e2e/bank/fleet.ts';
import { newInvestor } from '../e2e/people.ts';
import { instancesOf } from '../support/fleet-client.ts';

/** OPS-111: what one process may have in flight of one queue. */
const perProcessMax = 10;
const orders = 100;

test('no process has an eleventh job of a queue in flight while 100 orders travel', async () => {
  const bank = await joinFleet();
  const { env } = inject('fleet');
  const lengthOf = async (queue: string): Promise<number> => {
    const key = `${env['REDIS_PREFIX']}:${queue}:active`;
    const answer = await askRedis(env['REDIS_URL'] ?? '', ['LLEN', key]);
    expect(answer).toMatch(/^:\d+$/);
    return Number(answer.slice(1));
  };
  const { door, accountId } = await newInvestor(bank.web, '100000.00');
  const most: Record<string, number> = {};
  let done = false;
  const watch = async () => {
    while (!done) {
      for (const queue of subscribers) {
        most[queue] = Math.max(most[queue] ?? 0, await lengthOf(queue));
      }
    }
  };
  const watching = watch();
  const wish = { accountId, assetId: 'ABC', side: 'BUY', type: 'MARKET', quantity: '1' } as const;
  const placed = await Promise.all(
    Array.from({ length: orders }, (_, nth) =>
      placeOrder(door, { ...wish, idempotencyKey: `order-${nth}` }),
    ),
  );
  for (const { id } of placed) await orderEnds(door, { id });
  done = true;
  await watching;
  console.log(`most jobs in flight of each queue: ${JSON.stringify(most)}`);
  expect(Math.max(...Object.values(most))).toBeGreaterThan(0);
  for (const [queue, count] of Object.entries(most)) {
    const processes = (await instancesOf(queue)).filter(({ running }) => running).length;
    expect([queue, count <= perProcessMax * processes]).toEqual([queue, true]);
  }
  await bank.close();
}, 600_000);
