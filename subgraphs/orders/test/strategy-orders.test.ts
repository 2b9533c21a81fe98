import { OrderRejectedV1 } from '@simplebank/contracts/orders';
import { StrategyOrderReadyV1 } from '@simplebank/contracts/strategies';
import { beforeAll, expect, test } from 'vitest';
import { tell, useBank } from './bank.ts';
import { ids } from './builders.ts';
import { accountOpened, assetUpdated, place, prepare, quoteChanged, read } from './story.ts';

const bank = useBank();
beforeAll(() => prepare(bank));

const other = '00000000-0000-4000-8000-000000000202';
const strategyOrder = (nth: number) => `00000000-0000-4000-8000-0000000005${nth}0`;
const ready = (
  nth: number,
  parts: StrategyOrderReadyV1['parts'],
  accountId: string = ids.account,
) =>
  tell(StrategyOrderReadyV1, strategyOrder(nth), {
    payload: {
      strategyOrderId: strategyOrder(nth),
      strategyId: '00000000-0000-4000-8000-000000000400',
      accountId,
      customerId: ids.alice,
      currency: 'USD',
      parts,
    },
  });
const ordersOf = (nth: number) =>
  bank.app.deps.db.order.findMany({
    where: { strategyOrderId: strategyOrder(nth) },
    orderBy: { assetId: 'asc' },
  });

test('each part becomes one buy by amount, and a replay makes no other', async () => {
  await bank.deliver(
    assetUpdated({ assetId: other, symbol: 'XYZ' }),
    quoteChanged({ assetId: other, sequence: 2 }),
  );
  const parts = [
    { assetId: ids.asset, amount: '200.00' },
    { assetId: other, amount: '800.00' },
  ];
  await bank.deliver(ready(1, parts));
  const placed = await ordersOf(1);
  expect(placed.map((row) => [row.assetId, row.amount?.toFixed(2), row.type, row.side])).toEqual([
    [ids.asset, '200.00', 'MARKET', 'BUY'],
    [other, '800.00', 'MARKET', 'BUY'],
  ]);
  // The same parts told by another event: the same ids and keys, so nothing new.
  await bank.deliver(ready(1, parts));
  expect(await ordersOf(1)).toEqual(placed);
  const created = (await bank.outbox('orders.order-created.v1')).filter(
    ({ payload }) => payload['strategyOrderId'] === strategyOrder(1),
  );
  expect(created.map(({ payload }) => [payload['amount'], payload['holdAmount']])).toEqual([
    ['200', '200'],
    ['800', '800'],
  ]);
  expect(await read(bank, placed[0]?.id ?? '')).toMatchObject({
    strategyOrderId: strategyOrder(1),
    status: 'RESERVING',
  });
});

test('a part that may not be placed is told as a rejection, the others are placed', async () => {
  await bank.deliver(assetUpdated({ assetId: other, symbol: 'XYZ', state: 'HALTED', version: 2 }));
  const parts = [
    { assetId: ids.asset, amount: '200.00' },
    { assetId: other, amount: '800.00' },
  ];
  await bank.deliver(ready(2, parts));
  expect((await ordersOf(2)).map(({ assetId }) => assetId)).toEqual([ids.asset]);
  const rejected = await bank.outbox(OrderRejectedV1.name);
  expect(rejected.map(({ payload }) => payload)).toEqual([
    {
      orderId: null,
      accountId: ids.account,
      assetId: other,
      symbol: 'XYZ',
      side: 'BUY',
      currency: 'USD',
      code: 'ASSET_HALTED',
      strategyOrderId: strategyOrder(2),
      rebalanceRunId: null,
    },
  ]);
});

test('a strategy order waits for the copies it builds on, and writes nothing before', async () => {
  const late = '00000000-0000-4000-8000-000000000203';
  const account = '00000000-0000-4000-8000-000000000104';
  await bank.deliver(ready(3, [{ assetId: late, amount: '50.00' }], account));
  expect(await ordersOf(3)).toEqual([]);
  expect(await bank.app.deps.db.parkedEvent.count()).toBe(1);
  await bank.deliver(
    accountOpened({ accountId: account, number: '104' }),
    assetUpdated({ assetId: late, symbol: 'NEW' }),
    quoteChanged({ assetId: late, sequence: 3 }),
  );
  await bank.app.deps.db.parkedEvent.deleteMany();
  await bank.deliver(ready(3, [{ assetId: late, amount: '50.00' }], account));
  expect((await ordersOf(3)).map(({ symbol }) => symbol)).toEqual(['NEW']);
});

const refusalsOf = async (nth: number) =>
  (await bank.outbox(OrderRejectedV1.name))
    .filter(({ payload }) => payload['strategyOrderId'] === strategyOrder(nth))
    .map(({ payload }) => [payload['assetId'], payload['code']]);

test('a part of a delisted asset without a quote is refused, not waited for', async () => {
  const gone = '00000000-0000-4000-8000-000000000204';
  await bank.deliver(assetUpdated({ assetId: gone, symbol: 'GONE', state: 'DELISTED' }));
  await bank.deliver(ready(4, [{ assetId: gone, amount: '50.00' }]));
  expect(await refusalsOf(4)).toEqual([[gone, 'ASSET_NOT_TRADABLE']]);
});

test('a part whose key the customer has used is refused, so the investment can end', async () => {
  await place(bank, { idempotencyKey: `strategy-order:${strategyOrder(5)}:${ids.asset}` });
  const parts = [{ assetId: ids.asset, amount: '50.00' }];
  await bank.deliver(ready(5, parts), ready(5, parts));
  expect(await ordersOf(5)).toEqual([]);
  const refusal = [ids.asset, 'IDEMPOTENCY_KEY_REUSED'];
  expect(await refusalsOf(5)).toEqual([refusal, refusal]);
});

test('a part with an order is never told as refused, whatever its asset does later', async () => {
  const stops = '00000000-0000-4000-8000-000000000206';
  await bank.deliver(
    assetUpdated({ assetId: stops, symbol: 'STOP' }),
    quoteChanged({ assetId: stops, sequence: 6 }),
  );
  const parts = [{ assetId: stops, amount: '50.00' }];
  await bank.deliver(ready(6, parts));
  await bank.deliver(assetUpdated({ assetId: stops, symbol: 'STOP', state: 'HALTED', version: 2 }));
  await bank.deliver(ready(6, parts));
  expect(await ordersOf(6)).toHaveLength(1);
  expect(await refusalsOf(6)).toEqual([]);
});
