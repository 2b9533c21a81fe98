import { randomUUID } from 'node:crypto';
import { Decimal } from '@simplebank/kernel/decimal';
import { createChance, shuffled } from '@simplebank/testkit/chance';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  aMarketplace,
  cancelRequested,
  type Market,
  orderOpened,
  settle,
  type Told,
  toldAbout,
  typesOf,
} from './builders.ts';

let place: Awaited<ReturnType<typeof aMarketplace>>;
let market: Market;
beforeAll(async () => {
  place = await aMarketplace();
  market = place.start();
});
afterAll(() => place.close());

const filledOf = (told: readonly Told[]) =>
  told
    .flatMap(({ type, payload }) => (type === 'trade-executed' ? [payload] : []))
    .map(({ quantity }) => new Decimal(String(quantity)))
    .reduce((total, quantity) => total.plus(quantity), new Decimal(0))
    .toFixed();

test('an opened order is placed and filled to its quantity, in versions 1, 2, 3 …', async () => {
  const orderId = randomUUID();
  await market.worker.applyBatch([orderOpened(orderId)]);
  await settle(market);
  const told = await toldAbout(place.admin, orderId);
  expect(told[0]).toMatchObject({
    type: 'order-placed',
    payload: { venueOrderId: `V-${orderId}` },
  });
  expect(new Set(typesOf(told.slice(1)))).toEqual(new Set(['trade-executed']));
  expect(told.map(({ version }) => version)).toEqual(told.map((_, index) => index + 1));
  expect(filledOf(told)).toBe('10');
  const order = await place.admin.venueOrder.findUnique({ where: { orderId } });
  expect(order).toMatchObject({ state: 'DONE', outcome: 'FILLED', executions: told.length - 1 });
});

test('an order by value spends its value but for less than the smallest part', async () => {
  const orderId = randomUUID();
  const opened = { quantity: null, tradeValue: '199.80', limitPrice: '900' };
  await market.worker.applyBatch([orderOpened(orderId, opened)]);
  await settle(market);
  const [order] = await place.book.orders([orderId]);
  const left = new Decimal('199.80').minus(order?.filledValue ?? 0);
  expect(order?.status).toBe('FILLED');
  expect(left.greaterThanOrEqualTo(0) && left.lessThan('0.0000009')).toBe(true);
});

test('an order event that comes twice is one order at the venue', async () => {
  const orderId = randomUUID();
  const body = orderOpened(orderId);
  await market.worker.applyBatch([body, body]);
  await market.worker.applyBatch([body]);
  await settle(market);
  expect(await place.book.orders([orderId])).toHaveLength(1);
  expect(filledOf(await toldAbout(place.admin, orderId))).toBe('10');
});

test('an order whose cancel came first is never sent and ends as canceled', async () => {
  const orderId = randomUUID();
  await market.worker.applyBatch([cancelRequested(orderId)]);
  await market.worker.applyBatch([orderOpened(orderId)]);
  await settle(market);
  expect(await toldAbout(place.admin, orderId)).toEqual([
    { type: 'order-canceled', version: 1, payload: { orderId, executions: 0 } },
  ]);
  expect(await place.book.orders([orderId])).toEqual([]);
});

test('a cancel of an order that waits at the venue cancels it there', async () => {
  const orderId = randomUUID();
  await market.worker.applyBatch([orderOpened(orderId, { type: 'LIMIT', limitPrice: '1' })]);
  await settle(market);
  await market.worker.applyBatch([cancelRequested(orderId)]);
  await settle(market);
  const told = await toldAbout(place.admin, orderId);
  expect(typesOf(told)).toEqual(['order-placed', 'order-canceled']);
  expect(told.at(-1)?.payload).toEqual({ orderId, executions: 0 });
});

test('a cancel that meets a fill: the fill wins, and the cancel is refused', async () => {
  const orderId = randomUUID();
  await market.worker.applyBatch([orderOpened(orderId)]);
  await settle(market);
  await market.worker.applyBatch([cancelRequested(orderId)]);
  await settle(market);
  const told = await toldAbout(place.admin, orderId);
  expect(told.at(-1)).toMatchObject({ type: 'order-cancel-refused' });
  expect(filledOf(told)).toBe('10');
});

test('a limit order that never reaches its price expires with its time in force', async () => {
  const orderId = randomUUID();
  const expiresAt = new Date(market.clock.now().getTime() + 5_000).toISOString();
  const limit = { type: 'LIMIT', limitPrice: '1', expiresAt } as const;
  await market.worker.applyBatch([orderOpened(orderId, limit)]);
  await settle(market);
  market.clock.advance(6_000);
  await settle(market);
  expect(typesOf(await toldAbout(place.admin, orderId))).toEqual(['order-placed', 'order-expired']);
});

test('shuffled and doubled events lead to the same end, whatever the order', async () => {
  const ids = Array.from({ length: 12 }, () => randomUUID());
  const bodies = ids.flatMap((id, index) =>
    index % 3 === 0 ? [orderOpened(id), cancelRequested(id)] : [orderOpened(id)],
  );
  for (const body of shuffled([...bodies, ...bodies], createChance(7))) {
    await market.worker.applyBatch([body]);
  }
  await settle(market);
  const ends = await place.admin.venueOrder.findMany({ where: { orderId: { in: ids } } });
  const outcomes = new Map(ends.map(({ orderId, outcome }) => [orderId, outcome]));
  // Nothing was sent before all events had come, so a cancel always came in time.
  expect(ids.map((id) => outcomes.get(id))).toEqual(
    ids.map((_, index) => (index % 3 === 0 ? 'CANCELED' : 'FILLED')),
  );
});

test('equal orders at equal times trade alike under one seed only', async () => {
  const orderId = randomUUID();
  const runs = await Promise.all(
    ['one', 'one', 'other'].map(async (seed) => {
      const own = await aMarketplace();
      const process = own.start({ env: { VENUE_SEED: seed } });
      await process.worker.applyBatch([orderOpened(orderId, { quantity: '1000' })]);
      await settle(process);
      const told = await toldAbout(own.admin, orderId);
      await own.close();
      return told;
    }),
  );
  expect(runs[0]).toEqual(runs[1]);
  expect(runs[0]).not.toEqual(runs[2]);
});
