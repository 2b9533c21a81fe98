import { randomUUID } from 'node:crypto';
import { createChance, shuffled } from '@simplebank/testkit/chance';
import { createVirtualClock } from '@simplebank/testkit/clock';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sendOrders } from '../src/commands/send-orders.ts';
import { sendRebases } from '../src/commands/send-rebases.ts';
import type { Instruction, Venue } from '../src/venue.ts';
import { VenueRefusedCall } from '../src/venue.ts';
import {
  aMarketplace,
  cancelRequested,
  type Market,
  noon,
  orderOpened,
  orderRebased,
  settle,
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

const waits = { type: 'LIMIT', timeInForce: 'GTC', limitPrice: '1' } as const;
const find = (orderId: string) => place.admin.venueOrder.findUniqueOrThrow({ where: { orderId } });
const outcomes = async (orderId: string) => {
  const rows = await place.admin.venueRebase.findMany({ where: { orderId } });
  return rows.map(({ outcome }) => outcome);
};
async function inBook(clientId: string) {
  const [row] = await place.book.db.$queryRaw<{ quantity: string; limit: string }[]>`
    SELECT trim_scale(quantity)::text AS quantity, trim_scale(limit_price)::text AS limit
    FROM book_order WHERE client_id = ${clientId}::uuid`;
  return row;
}

test('an order at the venue is replaced there once a split, however often it is told', async () => {
  const orderId = randomUUID();
  await market.worker.applyBatch([orderOpened(orderId, waits)]);
  await settle(market);
  const rebased = orderRebased(orderId);
  await market.worker.applyBatch([rebased, rebased]);
  await market.worker.applyBatch([rebased]);
  await settle(market);
  expect(await inBook(orderId)).toEqual({ quantity: '40', limit: '0.25' });
  const { quantity, limitPrice, state } = await find(orderId);
  expect([quantity?.toFixed(), limitPrice.toFixed(), state]).toEqual([
    '40',
    '0.25',
    'ACKNOWLEDGED',
  ]);
  expect(await outcomes(orderId)).toEqual(['REPLACED']);
});

test('an order that was not sent goes out with the new terms', async () => {
  const orderId = randomUUID();
  await market.worker.applyBatch([orderOpened(orderId, waits), orderRebased(orderId)]);
  await settle(market);
  expect([await inBook(orderId), await outcomes(orderId)]).toEqual([
    ...[{ quantity: '40', limit: '0.25' }, ['APPLIED']],
  ]);
});

test('a split before the opening is in its terms; one that comes first waits for it', async () => {
  const [before, after] = [randomUUID(), randomUUID()];
  // The opening has version 3.
  await market.worker.applyBatch([orderRebased(before, { version: 2 }), orderRebased(after)]);
  await market.worker.applyBatch([orderOpened(before, waits), orderOpened(after, waits)]);
  await settle(market);
  expect([await inBook(before), await outcomes(before)]).toEqual([
    ...[{ quantity: '10', limit: '1' }, ['VOID']],
  ]);
  expect([await inBook(after), await outcomes(after)]).toEqual([
    ...[{ quantity: '40', limit: '0.25' }, ['APPLIED']],
  ]);
});

test('an order that the venue filled on the old basis tells its rest as canceled', async () => {
  const orderId = randomUUID();
  await market.worker.applyBatch([orderOpened(orderId)]);
  await settle(market);
  await market.worker.applyBatch([orderRebased(orderId)]);
  await settle(market);
  const told = await toldAbout(place.admin, orderId);
  const { executions } = await find(orderId);
  expect(told.at(-1)).toMatchObject({ type: 'order-canceled', payload: { orderId, executions } });
  expect(await outcomes(orderId)).toEqual(['ENDED']);
});

test('shuffled openings, splits and cancels end alike', async () => {
  const ids = Array.from({ length: 8 }, () => randomUUID());
  const bodies = ids.flatMap((id) => [orderOpened(id, waits), orderRebased(id)]);
  for (const body of shuffled([...bodies, ...bodies], createChance(11))) {
    await market.worker.applyBatch([body]);
    await sendOrders(market.deps);
    await sendRebases(market.deps);
  }
  await market.worker.applyBatch(ids.map(cancelRequested));
  await settle(market);
  for (const id of ids) {
    expect(await inBook(id)).toEqual({ quantity: '40', limit: '0.25' });
    expect(typesOf(await toldAbout(place.admin, id))).toEqual(['order-placed', 'order-canceled']);
  }
});

test('a lost answer is asked for again, and the order is replaced once', async () => {
  const lost = { next: false };
  const own = place.start({
    clock: createVirtualClock(noon),
    between: (venue) => ({
      ...venue,
      async replace(rebases) {
        const answers = await venue.replace(rebases);
        if (!lost.next) return answers;
        lost.next = false;
        throw new Error('the answer was lost');
      },
    }),
  });
  const orderId = randomUUID();
  await own.worker.applyBatch([orderOpened(orderId, waits)]);
  await settle(own);
  await own.worker.applyBatch([orderRebased(orderId)]);
  lost.next = true;
  await expect(sendRebases(own.deps)).rejects.toThrow();
  expect(await outcomes(orderId)).toEqual([null]);
  await settle({ ...own, clock: own.clock });
  own.clock.advance(2_000);
  await settle(own);
  expect([await inBook(orderId), await outcomes(orderId)]).toEqual([
    ...[{ quantity: '40', limit: '0.25' }, ['REPLACED']],
  ]);
});

/** A venue that answers 400 to any call with an order of this symbol in it. */
const picky =
  (calls: number[]) =>
  (venue: Venue): Venue => ({
    ...venue,
    async place(orders: readonly Instruction[]) {
      calls.push(orders.length);
      if (orders.some(({ symbol }) => symbol === 'POISON')) {
        throw new VenueRefusedCall('answered 400', { isAboutContent: true });
      }
      return venue.place(orders);
    },
  });

test('an order that the venue does not understand holds up none of its companions', async () => {
  const calls: number[] = [];
  const own = place.start({ clock: createVirtualClock(noon), between: picky(calls) });
  const ids = Array.from({ length: 16 }, () => randomUUID());
  const bodies = ids.map((id, nth) =>
    orderOpened(id, { ...waits, symbol: nth === 5 ? 'POISON' : 'ABC' }),
  );
  await own.worker.applyBatch(bodies);
  await sendOrders(own.deps);
  const placed = await place.book.orders(ids);
  expect([placed.length, calls[0]]).toEqual([15, 16]);
  expect(calls.length).toBeLessThanOrEqual(9);
  const poison = ids[5] ?? '';
  expect(await find(poison)).toMatchObject({ state: 'INTENT', attempts: 1 });
  // It is tried alone with growing pauses, then it counts as rejected.
  for (let nth = 0; nth < 5; nth += 1) {
    own.clock.advance(20_000);
    await sendOrders(own.deps);
  }
  expect(await find(poison)).toMatchObject({ state: 'DONE', outcome: 'FAILED', attempts: 5 });
  expect((await toldAbout(place.admin, poison)).at(-1)).toMatchObject({
    ...{ type: 'order-failed', payload: { code: 'VENUE_REJECTED' } },
  });
});

test('a key that the venue does not accept fails no order: they wait', async () => {
  const own = place.start({
    clock: createVirtualClock(noon),
    between: (venue) => ({
      ...venue,
      place: () => Promise.reject(new VenueRefusedCall('401', { isAboutContent: false })),
    }),
  });
  const ids = [randomUUID(), randomUUID()];
  await own.worker.applyBatch(ids.map((id) => orderOpened(id, waits)));
  for (let nth = 0; nth < 7; nth += 1) {
    await expect(sendOrders(own.deps)).rejects.toThrow(VenueRefusedCall);
    own.clock.advance(20_000);
  }
  expect(await find(ids[0] ?? '')).toMatchObject({ state: 'SENT', attempts: 0 });
});

test('what a split asks of an order never changes, and its outcome is told once', async () => {
  const { admin } = place;
  await expect(admin.$executeRaw`UPDATE venue_rebase SET numerator = 9`).rejects.toThrow('never');
  await expect(
    admin.$executeRaw`UPDATE venue_rebase SET outcome = 'VOID' WHERE outcome IS NOT NULL`,
  ).rejects.toThrow('never');
});
