import { randomUUID } from 'node:crypto';
import { createVirtualClock } from '@simplebank/testkit/clock';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sendRebases } from '../src/commands/send-rebases.ts';
import { VenueRefusedCall } from '../src/venue.ts';
import {
  aMarketplace,
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
const rebaseOf = (orderId: string) => place.admin.venueRebase.findFirst({ where: { orderId } });

async function inBook(clientId: string) {
  const [row] = await place.book.db.$queryRaw<{ quantity: string | null; limit: string }[]>`
    SELECT trim_scale(quantity)::text AS quantity, trim_scale(limit_price)::text AS limit
    FROM book_order WHERE client_id = ${clientId}::uuid`;
  const { quantity, limitPrice } = await place.admin.venueOrder.findUniqueOrThrow({
    where: { orderId: clientId },
  });
  expect([quantity?.toFixed() ?? null, limitPrice.toFixed()]).toEqual([row?.quantity, row?.limit]);
  return row;
}

/** Two splits of one order: 4 for 1, then 2 for 1. */
const first = (orderId: string) => orderRebased(orderId);
const second = (orderId: string) =>
  orderRebased(orderId, {
    ...{ version: 7, actionId: randomUUID(), exDate: '2026-02-03', numerator: 2 },
    ...{ quantity: '80', leavesQuantity: '80', limitPrice: '0.12' },
  });

test('two splits of an order end alike, whichever is told first, there or before', async () => {
  const [sent, unsent] = [randomUUID(), randomUUID()];
  await market.worker.applyBatch([orderOpened(sent, waits)]);
  await settle(market);
  await market.worker.applyBatch([orderOpened(unsent, waits)]);
  await market.worker.applyBatch([second(sent), second(unsent)]);
  await sendRebases(market.deps);
  await market.worker.applyBatch([first(sent), first(unsent)]);
  await settle(market);
  expect(await inBook(sent)).toEqual({ quantity: '80', limit: '0.12' });
  expect(await inBook(unsent)).toEqual({ quantity: '80', limit: '0.12' });
});

test('an order by amount keeps its money and gets the new limit', async () => {
  const orderId = randomUUID();
  const byAmount = { ...waits, quantity: null, tradeValue: '100', timeInForce: 'DAY' } as const;
  await market.worker.applyBatch([orderOpened(orderId, byAmount)]);
  await settle(market);
  await market.worker.applyBatch([orderRebased(orderId, { quantity: null, leavesQuantity: null })]);
  await settle(market);
  expect(await inBook(orderId)).toEqual({ quantity: null, limit: '0.25' });
});

const refusing = (isAboutContent: boolean) =>
  place.start({
    clock: createVirtualClock(noon),
    between: (venue) => ({
      ...venue,
      replace: () => Promise.reject(new VenueRefusedCall('refused', { isAboutContent })),
    }),
  });

test('an order whose new basis the venue does not take is canceled there', async () => {
  const own = refusing(true);
  const orderId = randomUUID();
  await own.worker.applyBatch([orderOpened(orderId, waits)]);
  await settle(own);
  await own.worker.applyBatch([orderRebased(orderId)]);
  for (let nth = 0; nth < 5; nth += 1) {
    expect((await rebaseOf(orderId))?.outcome).toBeNull();
    await sendRebases(own.deps);
    own.clock.advance(20_000);
  }
  expect(await rebaseOf(orderId)).toMatchObject({ outcome: 'REFUSED', attempts: 5 });
  await settle(own);
  expect(typesOf(await toldAbout(place.admin, orderId))).toEqual([
    ...['order-placed', 'order-canceled'],
  ]);
});

test('a call that brings no answer uses up no attempt', async () => {
  const own = refusing(false);
  const orderId = randomUUID();
  await own.worker.applyBatch([orderOpened(orderId, waits)]);
  await settle(own);
  await own.worker.applyBatch([orderRebased(orderId)]);
  for (let nth = 0; nth < 7; nth += 1) {
    await expect(sendRebases(own.deps)).rejects.toThrow(VenueRefusedCall);
    own.clock.advance(20_000);
  }
  expect(await rebaseOf(orderId)).toMatchObject({ outcome: null, attempts: 0 });
});
