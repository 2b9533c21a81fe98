import { randomUUID } from 'node:crypto';
import { metrics } from '@simplebank/chassis/metrics';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { orderEnds, placeOrder } from '../../tools/bank/trading.ts';
import { newInvestor } from './people.ts';
import { startWholeBank, type WholeBank } from './whole-bank.ts';

let bank: WholeBank;
beforeAll(async () => {
  bank = await startWholeBank();
}, 120_000);
afterAll(() => bank?.close());

const timers = [
  ['web', 'place_order'],
  ['web', 'health'],
  ['orders', 'place_order'],
  ['orders', 'request_hold'],
  ['accounts', 'hold_funds'],
  ['holdings', 'reserve_position'],
  ['market', 'accept_order'],
  ['market', 'place_on_venue'],
  ['orders', 'mark_placed'],
  ['accounts', 'capture_fee'],
] as const;

type Value = {
  readonly metricName?: string;
  readonly labels: Readonly<Record<string, unknown>>;
  readonly value: number;
};

async function counted(service: string, operation: string): Promise<number> {
  const name = 'simplebank_operation_duration_seconds';
  const { values = [] } = (await metrics.getSingleMetric(name)?.get()) ?? {};
  return (values as readonly Value[])
    .filter(({ metricName, labels }) => {
      const isOf = labels['service'] === service && labels['operation'] === operation;
      return metricName === `${name}_count` && isOf && labels['outcome'] === 'ok';
    })
    .reduce((sum, { value }) => sum + value, 0);
}

test('after a buy, a sell and a health call each of the nine timers has counted', async () => {
  const { door, accountId } = await newInvestor(bank.web, '20000.00');
  for (const side of ['BUY', 'SELL'] as const) {
    const wish = { accountId, assetId: 'ABC', side, type: 'MARKET', quantity: '2' } as const;
    const { id } = await placeOrder(door, { ...wish, idempotencyKey: randomUUID() });
    await orderEnds(door, { id });
  }
  expect((await fetch(`${bank.urls['web']}/health`)).status).toBe(200);
  for (const [service, operation] of timers) {
    await expect.poll(() => counted(service, operation), { timeout: 10_000 }).toBeGreaterThan(0);
  }
});
