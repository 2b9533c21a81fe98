import { randomUUID } from 'node:crypto';
import { createChance, shuffled } from '@simplebank/testkit/chance';
import { expect, test } from 'vitest';
import { failOverdue } from '../src/investing/commands/fail-overdue.ts';
import { assetUpdated, orderCompleted, orderCreated, orderRejected, payment } from './builders.ts';
import {
  abc,
  account,
  alice,
  cancel,
  createStrategy,
  def,
  eventsAbout,
  halted,
  investAs,
  readAs,
  subgraph,
  useInvestors,
} from './investors.ts';

useInvestors();

test('orders of the parts lead to the same end in any order and number of arrivals', async () => {
  const ends = await Promise.all(
    [1, 2, 3, 4].map(async (seed) => {
      const { strategyOrder } = await investAs(alice);
      const part = (assetId: string) => ({
        ...{
          orderId: randomUUID(),
          strategyOrderId: strategyOrder.id,
          accountId: account,
          assetId,
        },
      });
      const [one, other] = [part(abc), part(def)];
      const bodies = [
        orderCreated(one),
        orderCompleted(one),
        orderCreated(other),
        orderCompleted(other, 'CANCELED'),
      ];
      for (const body of shuffled([...bodies, ...bodies], createChance(seed))) {
        await subgraph.worker.applyBatch([body]);
      }
      const order = await readAs(alice, strategyOrder.id);
      const parts = order?.['parts'] as { orderId: string; status: string }[];
      expect(parts.map(({ orderId }) => orderId)).toEqual([one.orderId, other.orderId]);
      const completed = (await eventsAbout(strategyOrder.id)).filter(({ type }) =>
        type.includes('completed'),
      );
      expect(completed.at(-1)?.payload.status).toBe('COMPLETED_ADJUSTED');
      return [order?.['status'], parts.map(({ status }) => status)];
    }),
  );
  expect(ends).toEqual(ends.map(() => ['COMPLETED_ADJUSTED', ['COMPLETED', 'COMPLETED']]));
});

test('all orders filled and nothing skipped: COMPLETED, with an order per part', async () => {
  const { strategyOrder } = await investAs(alice);
  const base = { strategyOrderId: strategyOrder.id, accountId: account };
  const orders = [abc, def].map((assetId) => ({ ...base, assetId, orderId: randomUUID() }));
  await subgraph.worker.applyBatch(orders.map((order) => orderCreated(order)));
  expect(await readAs(alice, strategyOrder.id)).toMatchObject({ status: 'IN_PROGRESS' });
  await subgraph.worker.applyBatch(orders.map((order) => orderCompleted(order)));
  expect(await readAs(alice, strategyOrder.id)).toMatchObject({
    status: 'COMPLETED',
    parts: orders.map(({ orderId }) => ({ status: 'COMPLETED', orderId, order: { id: orderId } })),
  });
});

test('a part that orders refuses is skipped with the code, and its money stays', async () => {
  const { strategyOrder } = await investAs(alice);
  const base = { strategyOrderId: strategyOrder.id, accountId: account };
  const filled = { ...base, assetId: def, orderId: randomUUID() };
  await subgraph.worker.applyBatch([
    orderRejected({ ...base, assetId: abc, orderId: null }, 'PRICE_UNAVAILABLE'),
    orderCreated(filled),
    orderCompleted(filled),
  ]);
  expect(await readAs(alice, strategyOrder.id)).toMatchObject({
    status: 'COMPLETED_ADJUSTED',
    parts: [
      { status: 'SKIPPED', skipReason: 'ORDER_REFUSED', code: 'PRICE_UNAVAILABLE', orderId: null },
      { status: 'COMPLETED', skipReason: null },
    ],
  });
});

test('a part that buys no whole share where only these trade is skipped for it', async () => {
  const { strategyOrder } = await investAs(alice);
  const base = { strategyOrderId: strategyOrder.id, accountId: account };
  await subgraph.worker.applyBatch([
    orderRejected({ ...base, assetId: abc, orderId: null }, 'TOO_SMALL_FOR_ONE_SHARE'),
  ]);
  expect(await readAs(alice, strategyOrder.id)).toMatchObject({
    parts: [{ status: 'SKIPPED', skipReason: 'TOO_SMALL_FOR_ONE_SHARE' }, {}],
  });
});

test('what is halted or too small is skipped; without an order the investment ends', async () => {
  const id = await createStrategy('Halted mostly', [
    { assetId: 'HLT', percentage: '99' },
    { assetId: 'ABC', percentage: '1' },
  ]);
  await subgraph.worker.applyBatch([
    assetUpdated(halted, { symbol: 'HLT', state: 'HALTED', version: 2 }),
  ]);
  const { strategyOrder } = await investAs(alice, { strategyId: id, amount: '50' });
  expect(await readAs(alice, strategyOrder.id)).toMatchObject({
    status: 'COMPLETED_ADJUSTED',
    parts: [
      { symbol: 'HLT', skipReason: 'HALTED', amount: { amount: '49.50' } },
      { symbol: 'ABC', skipReason: 'BELOW_MINIMUM', amount: { amount: '0.50' } },
    ],
  });
  expect((await eventsAbout(strategyOrder.id)).map(({ type }) => type)).toEqual([
    'strategies.strategy-order-created.v1',
    'strategies.strategy-order-completed.v1',
  ]);
});

test('a strategy that changes while an investment waits is bought in its new version', async () => {
  const own = await createStrategy('Changing', [{ assetId: 'ABC', percentage: '100' }]);
  const id = randomUUID();
  await subgraph.worker.applyBatch([payment('CREATED', { id, accountId: account })]);
  const { strategyOrder } = await investAs(alice, { strategyId: own, paymentId: id });
  const publish = `mutation ($input: PublishVersionInput!) {
    publishVersion(input: $input) { __typename }
  }`;
  const assets = [{ assetId: 'DEF', percentage: '100' }];
  await subgraph.client.asStaff('operations').ask(publish, { input: { strategyId: own, assets } });
  await subgraph.worker.applyBatch([payment('COMPLETED', { id, accountId: account })]);
  expect(await readAs(alice, strategyOrder.id)).toMatchObject({
    strategyVersion: 2,
    parts: [{ symbol: 'DEF' }],
  });
});

test('a part without an order is skipped in time, and a late order is followed', async () => {
  const { strategyOrder } = await investAs(alice);
  const { id: strategyOrderId } = strategyOrder;
  const part = (assetId: string) => ({
    ...{ orderId: randomUUID(), strategyOrderId, accountId: account, assetId },
  });
  const [one, late] = [part(abc), part(def)];
  await subgraph.worker.applyBatch([orderCreated(one)]);
  subgraph.clock.advance(29 * 60_000);
  await failOverdue(subgraph.deps);
  expect(await readAs(alice, strategyOrderId)).toMatchObject({ status: 'PLACING' });
  subgraph.clock.advance(60_000);
  await failOverdue(subgraph.deps);
  const timedOut = { status: 'SKIPPED', skipReason: 'ORDER_REFUSED', code: 'ORDER_TIMEOUT' };
  expect(await readAs(alice, strategyOrderId)).toMatchObject({
    status: 'IN_PROGRESS',
    parts: [{ status: 'ORDERED' }, { ...timedOut, amount: { amount: '700.00' } }],
  });
  await subgraph.worker.applyBatch([orderCompleted(one)]);
  expect(await readAs(alice, strategyOrderId)).toMatchObject({ status: 'COMPLETED_ADJUSTED' });

  await subgraph.worker.applyBatch([orderCompleted(late)]);
  await subgraph.worker.applyBatch([orderCreated(late)]);
  expect(await readAs(alice, strategyOrderId)).toMatchObject({
    status: 'COMPLETED',
    parts: [
      { status: 'COMPLETED', amount: { amount: '200.00' } },
      { status: 'COMPLETED', skipReason: null, code: null, amount: { amount: '700.00' } },
    ],
    cash: { amount: '100.00' },
  });
  const ends = (await eventsAbout(strategyOrderId)).filter(({ type }) =>
    type.includes('completed'),
  );
  expect(ends.map(({ payload }) => payload.status)).toEqual(['COMPLETED_ADJUSTED', 'COMPLETED']);
});

test('a placed investment is stopped by its orders, which the customer cancels', async () => {
  const { strategyOrder } = await investAs(alice);
  const { id: strategyOrderId } = strategyOrder;
  const asker = subgraph.client.asCustomer(alice);
  const refused = { cancelStrategyOrder: { code: 'NOT_CANCELABLE' } };
  expect(await asker.ask(cancel, { input: { strategyOrderId } })).toEqual(refused);
  const orders = [abc, def].map((assetId) => ({
    ...{ orderId: randomUUID(), strategyOrderId, accountId: account, assetId },
  }));
  const [one, other] = orders;
  if (!one || !other) throw new Error('two parts are two orders');
  await subgraph.worker.applyBatch(orders.map(orderCreated));
  const before = await subgraph.admin.outboxEvent.count();
  expect(await asker.ask(cancel, { input: { strategyOrderId } })).toEqual(refused);
  expect(await subgraph.admin.outboxEvent.count()).toBe(before);
  await subgraph.worker.applyBatch([orderCompleted(one), orderCompleted(other, 'CANCELED')]);
  expect(await readAs(alice, strategyOrderId)).toMatchObject({
    status: 'COMPLETED_ADJUSTED',
    parts: [{ status: 'COMPLETED' }, { status: 'COMPLETED' }],
  });
});
