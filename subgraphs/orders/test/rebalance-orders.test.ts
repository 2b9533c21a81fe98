import { OrderRejectedV1 } from '@simplebank/contracts/orders';
import { RebalanceReadyV1 } from '@simplebank/contracts/strategies';
import { createChance, shuffled } from '@simplebank/testkit/chance';
import { beforeAll, expect, test } from 'vitest';
import { tell, useBank } from './bank.ts';
import { ids } from './builders.ts';
import { assetUpdated, place, prepare, quoteChanged, read } from './story.ts';

const bank = useBank();
const other = '00000000-0000-4000-8000-000000000202';
const whole = '00000000-0000-4000-8000-000000000203';
beforeAll(async () => {
  await prepare(bank);
  await bank.deliver(
    assetUpdated({ assetId: other, symbol: 'XYZ' }),
    quoteChanged({ assetId: other, sequence: 2 }),
    assetUpdated({ assetId: whole, symbol: 'WHL', fractionable: false }),
    quoteChanged({ assetId: whole, sequence: 3 }),
  );
});

const run = (nth: number) => `00000000-0000-4000-8000-0000000006${nth}0`;
const ready = (nth: number, parts: RebalanceReadyV1['parts'], version = 1) =>
  tell(RebalanceReadyV1, run(nth), {
    payload: {
      ...{ runId: run(nth), accountId: ids.account, customerId: ids.alice, currency: 'USD' },
      parts,
    },
    version,
  });
const ordersOf = (nth: number) =>
  bank.app.deps.db.order.findMany({
    where: { rebalanceRunId: run(nth) },
    orderBy: [{ side: 'desc' }, { assetId: 'asc' }],
  });
const refusalsOf = async (nth: number) =>
  (await bank.outbox(OrderRejectedV1.name))
    .filter(({ payload }) => payload['rebalanceRunId'] === run(nth))
    .map(({ payload }) => payload);

test('a part is a sale by quantity or a buy by amount, and a replay makes no other', async () => {
  const sales = [{ side: 'SELL', assetId: ids.asset, quantity: '1.234567891' } as const];
  const purchases = [{ side: 'BUY', assetId: other, amount: '61.50' } as const];
  await bank.deliver(ready(1, sales), ready(1, purchases, 2));
  const placed = await ordersOf(1);
  expect(placed.map(({ side, type, quantity, amount }) => [side, type, quantity, amount])).toEqual([
    ['SELL', 'MARKET', expect.anything(), null],
    ['BUY', 'MARKET', null, expect.anything()],
  ]);
  expect(placed[0]?.quantity?.toFixed()).toBe('1.234567891');
  expect(placed[1]?.amount?.toFixed(2)).toBe('61.50');
  for (const seed of [1, 2, 3]) {
    const told = [ready(1, sales), ready(1, purchases, 2), ready(1, sales), ready(1, purchases, 2)];
    await bank.deliver(...shuffled(told, createChance(seed)));
  }
  expect(await ordersOf(1)).toEqual(placed);
  expect(await refusalsOf(1)).toEqual([]);
  const created = (await bank.outbox('orders.order-created.v1')).filter(
    ({ payload }) => payload['rebalanceRunId'] === run(1),
  );
  expect(created.map(({ payload }) => [payload['side'], payload['holdAmount']])).toEqual([
    ['SELL', null],
    ['BUY', '61.5'],
  ]);
  expect(await read(bank, placed[0]?.id ?? '')).toMatchObject({
    rebalanceRunId: run(1),
    strategyOrderId: null,
  });
});

test('a part that may not be placed is told with its side and without an order', async () => {
  await place(bank, { idempotencyKey: `rebalance:${run(2)}:SELL:${ids.asset}` });
  await bank.deliver(assetUpdated({ assetId: other, symbol: 'XYZ', state: 'HALTED', version: 2 }));
  await bank.deliver(
    ready(2, [
      { side: 'SELL', assetId: ids.asset, quantity: '1' },
      { side: 'SELL', assetId: other, quantity: '1' },
    ]),
  );
  await bank.deliver(assetUpdated({ assetId: other, symbol: 'XYZ', version: 3 }));
  expect(await ordersOf(2)).toEqual([]);
  const refused = { orderId: null, side: 'SELL', strategyOrderId: null };
  expect(await refusalsOf(2)).toMatchObject([
    { ...refused, assetId: ids.asset, code: 'IDEMPOTENCY_KEY_REUSED' },
    { ...refused, assetId: other, code: 'ASSET_HALTED' },
  ]);
});

test('without fractions as many whole shares are bought as the amount holds', async () => {
  // The highest price is 50.00 × 1.04 = 52.00: three shares and their commission need 156.16.
  await bank.deliver(ready(3, [{ side: 'BUY', assetId: whole, amount: '208.20' }]));
  await bank.deliver(ready(4, [{ side: 'BUY', assetId: whole, amount: '156.15' }]));
  await bank.deliver(ready(5, [{ side: 'BUY', assetId: whole, amount: '52.00' }]));
  const bought = async (nth: number) =>
    (await ordersOf(nth)).map(({ quantity, amount, holdAmount }) => [
      quantity?.toFixed(),
      amount,
      holdAmount?.toFixed(2),
    ]);
  expect([await bought(3), await bought(4), await bought(5)]).toEqual([
    [['3', null, '156.16']],
    [['2', null, '104.10']],
    [],
  ]);
  expect((await refusalsOf(5)).map(({ code }) => code)).toEqual(['TOO_SMALL_FOR_ONE_SHARE']);
});

test('the run of an order never changes, whoever writes, and it has one origin', async () => {
  const [order] = await ordersOf(1);
  const { db } = bank.app.deps;
  await expect(
    db.$executeRaw`UPDATE "order" SET rebalance_run_id = NULL, version = version + 1
      WHERE id = ${order?.id}::uuid`,
  ).rejects.toThrow('its terms never change');
  await expect(
    db.$executeRaw`INSERT INTO "order" SELECT (jsonb_populate_record(o, jsonb_build_object(
      'id', gen_random_uuid(), 'idempotency_key', 'two origins',
      'strategy_order_id', gen_random_uuid()))).* FROM "order" o WHERE id = ${order?.id}::uuid`,
  ).rejects.toThrow('order_of_one_origin');
});
