import { randomUUID } from 'node:crypto';
import { createVirtualClock } from '@simplebank/testkit/clock';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { endUnsent } from '../src/commands/end-unsent.ts';
import { leaseMs, sendOrders } from '../src/commands/send-orders.ts';
import { takeReports } from '../src/commands/take-reports.ts';
import type { Venue } from '../src/venue.ts';
import { VenueResting } from '../src/venues/guarded.ts';
import {
  aMarketplace,
  cancelRequested,
  noon,
  orderOpened,
  settle,
  toldAbout,
  typesOf,
} from './builders.ts';

let place: Awaited<ReturnType<typeof aMarketplace>>;
beforeAll(async () => {
  place = await aMarketplace();
});
afterAll(() => place.close());

const statesOf = async (orderIds: readonly string[]) => {
  const rows = await place.admin.venueOrder.findMany({ where: { orderId: { in: [...orderIds] } } });
  return rows.map(({ state, outcome, attempts }) => ({ state, outcome, attempts }));
};

/** Passes calls on, counts them, and loses the answers of `place` while told to. */
function losing(calls: { placed: string[]; lose: boolean }) {
  return (venue: Venue): Venue => ({
    ...venue,
    async place(instructions) {
      const answers = await venue.place(instructions);
      calls.placed.push(...instructions.map(({ clientId }) => clientId));
      if (calls.lose) throw new Error('the answer was lost');
      return answers;
    },
  });
}

test('a lost answer: the venue is asked first and the order is placed once', async () => {
  const calls = { placed: [] as string[], lose: true };
  const market = place.start({ between: losing(calls) });
  const orderId = randomUUID();
  await market.worker.applyBatch([orderOpened(orderId)]);
  await expect(sendOrders(market.deps)).rejects.toThrow('place_on_venue failed');
  calls.lose = false;
  market.clock.advance(2_000);
  await settle(market);
  expect(calls.placed).toEqual([orderId]);
  expect(await statesOf([orderId])).toEqual([{ state: 'DONE', outcome: 'FILLED', attempts: 1 }]);
});

test('a crash between the venue call and its record: placed once, executed once', async () => {
  const clock = createVirtualClock(noon);
  const orderId = randomUUID();
  const dying = place.start({
    clock,
    between: (venue) => ({
      ...venue,
      async place(instructions) {
        await venue.place(instructions);
        // The process is gone: nobody records the answer or gives up the lease.
        return new Promise(() => {});
      },
    }),
  });
  await dying.worker.applyBatch([orderOpened(orderId)]);
  void sendOrders(dying.deps).catch(() => {});
  await expect.poll(() => place.book.orders([orderId])).toHaveLength(1);

  const calls = { placed: [] as string[], lose: false };
  const next = place.start({ clock, between: losing(calls) });
  expect(await sendOrders(next.deps)).toBe(0);
  clock.advance(leaseMs);
  await settle(next);
  expect(calls.placed).toEqual([]);
  const told = await toldAbout(place.admin, orderId);
  const executions = await place.admin.execution.findMany({ where: { orderId } });
  expect(typesOf(told).filter((type) => type === 'order-placed')).toHaveLength(1);
  expect(typesOf(told).filter((type) => type === 'trade-executed')).toHaveLength(executions.length);
  expect(executions.reduce((sum, { quantity }) => sum + BigInt(quantity.toFixed(0)), 0n)).toBe(10n);
});

test('a venue that reports everything twice causes each event once', async () => {
  const market = place.start({ env: { VENUE_DUPLICATE_PERCENT: '100' } });
  const orderId = randomUUID();
  await market.worker.applyBatch([orderOpened(orderId, { quantity: '1000' })]);
  await settle(market);
  const reports = await place.book.reports(orderId);
  const told = await toldAbout(place.admin, orderId);
  // Every execution and the end were reported twice; the placement is no report.
  expect(reports).toBe(2 * told.length);
  expect(new Set(told.map(({ payload }) => payload['executionId'])).size).toBe(told.length);
});

test('two processes that read the same reports cause each event once', async () => {
  const clock = createVirtualClock(noon);
  const [one, other] = [place.start({ clock }), place.start({ clock })];
  const orderId = randomUUID();
  await one.worker.applyBatch([orderOpened(orderId, { quantity: '0.5' })]);
  await sendOrders(one.deps);
  await one.simulated.trade();
  const taken = await Promise.all([takeReports(one.deps), takeReports(other.deps)]);
  expect(taken.toSorted((a, b) => a - b)).toEqual([0, 2]);
  expect(typesOf(await toldAbout(place.admin, orderId))).toEqual([
    'order-placed',
    'trade-executed',
  ]);
});

test('two processes that send at once place each order once', async () => {
  const calls = { placed: [] as string[], lose: false };
  const clock = createVirtualClock(noon);
  const processes = [1, 2].map(() => place.start({ clock, between: losing(calls) }));
  const ids = Array.from({ length: 60 }, () => randomUUID());
  const [first] = processes;
  await first?.worker.applyBatch(ids.map((id) => orderOpened(id)));
  await Promise.all(processes.map(({ deps }) => sendOrders(deps)));
  expect(calls.placed.toSorted()).toEqual(ids.toSorted());
});

test('a venue that is down uses up no attempt; later each order is placed once', async () => {
  let down = true;
  const calls = { placed: [] as string[], lose: false };
  const fail = async () => {
    throw new Error('connection refused');
  };
  const market = place.start({
    between: (venue) => {
      const counted = losing(calls)(venue);
      return {
        ...counted,
        place: (orders) => (down ? fail() : counted.place(orders)),
        find: (ids) => (down ? fail() : venue.find(ids)),
        reports: (after) => (down ? fail() : venue.reports(after)),
      };
    },
  });
  for (let call = 0; call < 5; call += 1) {
    await expect(takeReports(market.deps)).rejects.toThrow('read_venue_reports failed');
  }
  const ids = Array.from({ length: 20 }, () => randomUUID());
  await market.worker.applyBatch(ids.map((id) => orderOpened(id)));
  for (let turn = 0; turn < 20; turn += 1) {
    expect(await sendOrders(market.deps)).toBe(0);
    market.clock.advance(1_000);
  }
  const waiting = { state: 'INTENT', outcome: null, attempts: 0 };
  expect(await statesOf(ids)).toEqual(ids.map(() => waiting));

  down = false;
  market.clock.advance(10_000);
  await settle(market);
  const filled = { state: 'DONE', outcome: 'FILLED', attempts: 1 };
  expect(await statesOf(ids)).toEqual(ids.map(() => filled));
  expect(calls.placed.toSorted()).toEqual(ids.toSorted());
});

test('while one call is on trial the orders of another wait as if never taken', async () => {
  const market = place.start({
    between: (venue) => ({
      ...venue,
      reports: async () => {
        throw new Error('connection refused');
      },
    }),
  });
  const { deps } = market;
  // It looks reachable when orders are claimed, and rests when it is called.
  const resting = { ...deps.venue, isReachable: () => true };
  const orderId = randomUUID();
  await market.worker.applyBatch([orderOpened(orderId)]);
  for (let call = 0; call < 5; call += 1) await takeReports(deps).catch(() => {});
  await expect(sendOrders({ ...deps, venue: resting })).rejects.toThrow(VenueResting);
  expect(await statesOf([orderId])).toEqual([{ state: 'INTENT', outcome: null, attempts: 0 }]);
  await place.admin.venueOrder.delete({ where: { orderId } });
});

test('an order whose time ends while the venue cannot be reached expires unsent', async () => {
  const clock = createVirtualClock(noon);
  const unreachable = place.start({ clock });
  const orderIds = [randomUUID(), randomUUID()] as const;
  const expiresAt = '2026-01-30T17:00:01.000Z';
  await unreachable.worker.applyBatch([
    orderOpened(orderIds[0], { expiresAt }),
    orderOpened(orderIds[1]),
  ]);
  clock.advance(2_000);
  await endUnsent(unreachable.deps);
  expect(typesOf(await toldAbout(place.admin, orderIds[0]))).toEqual(['order-expired']);
  expect(await toldAbout(place.admin, orderIds[1])).toEqual([]);
});

test('an order whose time has ended is not sent any more', async () => {
  const clock = createVirtualClock(noon);
  const market = place.start({ clock });
  const orderId = randomUUID();
  await market.worker.applyBatch([orderOpened(orderId, { expiresAt: '2026-01-30T17:00:01.000Z' })]);
  clock.advance(2_000);
  await settle(market);
  expect(typesOf(await toldAbout(place.admin, orderId))).toEqual(['order-expired']);
});

test('an order in doubt that is canceled meanwhile is not sent again', async () => {
  const calls = { placed: [] as string[], lose: false };
  const clock = createVirtualClock(noon);
  const unreached = place.start({
    clock,
    between: (venue) => ({ ...venue, place: async () => [] }),
  });
  const orderId = randomUUID();
  await unreached.worker.applyBatch([orderOpened(orderId)]);
  await sendOrders(unreached.deps);
  await unreached.worker.applyBatch([cancelRequested(orderId)]);
  clock.advance(leaseMs);
  const next = place.start({ clock, between: losing(calls) });
  await settle(next);
  expect(calls.placed).toEqual([]);
  expect(typesOf(await toldAbout(place.admin, orderId))).toEqual(['order-canceled']);
});

test('a cancel that meets a placement under way never ends an order that trades', async () => {
  const clock = createVirtualClock(noon);
  let letThrough = () => {};
  const gate = new Promise<void>((resolve) => {
    letThrough = resolve;
  });
  const slow = place.start({
    clock,
    between: (venue) => ({
      ...venue,
      async place(instructions) {
        await gate;
        return venue.place(instructions);
      },
    }),
  });
  const other = place.start({ clock });
  const orderId = randomUUID();
  await slow.worker.applyBatch([orderOpened(orderId)]);
  const sending = sendOrders(slow.deps);
  await expect.poll(() => statesOf([orderId])).toMatchObject([{ state: 'SENT' }]);
  await other.worker.applyBatch([cancelRequested(orderId)]);
  // The other process must not take "the venue does not know it" for "it never will".
  expect(await sendOrders(other.deps)).toBe(0);
  letThrough();
  await sending;
  await settle(other);
  expect(typesOf(await toldAbout(place.admin, orderId))).toEqual([
    'order-placed',
    'order-canceled',
  ]);
  expect(await place.book.orders([orderId])).toMatchObject([{ status: 'CANCELED', executions: 0 }]);
});

test('a reject of the venue is final and carries its reason', async () => {
  const market = place.start({ env: { VENUE_REJECT_SYMBOLS: 'BAD, WORSE' } });
  const orderId = randomUUID();
  await market.worker.applyBatch([orderOpened(orderId, { symbol: 'BAD' })]);
  await settle(market);
  const payload = {
    orderId,
    executions: 0,
    code: 'VENUE_REJECTED',
    reason: 'BAD is not traded here',
  };
  expect(await toldAbout(place.admin, orderId)).toEqual([
    { type: 'order-failed', version: 1, payload },
  ]);
});

test('executions and the reports of the simulated venue cannot be changed or deleted', async () => {
  const market = place.start();
  await market.worker.applyBatch([orderOpened(randomUUID())]);
  await settle(market);
  const { admin } = place;
  for (const change of [
    () => admin.$executeRaw`UPDATE execution SET quantity = 1`,
    () => admin.$executeRaw`DELETE FROM execution`,
    () => place.book.db.$executeRaw`TRUNCATE book_report`,
  ]) {
    await expect(change()).rejects.toThrow('append-only');
  }
  await expect(market.deps.db.$executeRaw`DELETE FROM execution`).rejects.toThrow('denied');
});
