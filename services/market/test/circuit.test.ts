import { randomUUID } from 'node:crypto';
import { metrics } from '@simplebank/chassis/metrics';
import { createVirtualClock } from '@simplebank/testkit/clock';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { endUnsent } from '../src/commands/end-unsent.ts';
import { sendCancels } from '../src/commands/send-cancels.ts';
import { sendOrders } from '../src/commands/send-orders.ts';
import { type Venue, VenueNotReached, VenueRefusedCall } from '../src/venue.ts';
import { guarded, VenueResting } from '../src/venues/guarded.ts';
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
afterAll(() => place?.close());

const log = { info: vi.fn(), warn: vi.fn() };
const silence = { ...log } as never;

type Reply = 'answers' | 'fails' | 'rejects' | 'refuses' | 'hangs';

/** A venue that does as told, behind its guard. */
function aVenue() {
  const clock = createVirtualClock(noon);
  const calls: string[] = [];
  const told = { reply: 'answers' as Reply, gate: Promise.resolve() };
  const call = async () => {
    calls.push(told.reply);
    if (told.reply === 'fails') throw new Error('connection cut');
    if (told.reply === 'refuses') {
      throw new VenueRefusedCall('answered 400', { isAboutContent: true });
    }
    if (told.reply === 'hangs') await new Promise(() => {});
    await told.gate;
    return { reports: [], resumePoint: '' };
  };
  const rejected = { kind: 'REJECTED', clientId: '', reason: 'no' } as const;
  const bare: Venue = {
    name: `venue-${randomUUID().slice(0, 8)}`,
    place: async () => (await call()) && [rejected],
    find: async () => (await call()) && [],
    cancel: async () => (await call()) && [],
    replace: async () => (await call()) && [],
    reports: call,
    quotes: async () => (await call()) && new Map(),
  };
  const venue = guarded(bare, { clock, log: silence });
  const state = async () =>
    (await metrics.metrics())
      .split('\n')
      .find((line) => line.startsWith('simplebank_circuit_state') && line.includes(bare.name))
      ?.split(' ')
      .at(-1);
  const times = async (count: number, reply: Reply) => {
    told.reply = reply;
    for (let n = 0; n < count; n += 1) await venue.reports('').catch(() => {});
  };
  return { venue, clock, calls, told, times, state };
}

test('the gauge shows every change of the circuit: closed, open, half open, closed', async () => {
  const { venue, clock, told, times, state } = aVenue();
  expect(await state()).toBe('0');
  await times(4, 'fails');
  expect(await state()).toBe('0');
  await times(1, 'fails');
  expect([await state(), venue.isReachable()]).toEqual(['2', false]);
  clock.advance(30_000);
  let answer = () => {};
  told.reply = 'answers';
  told.gate = new Promise((resolve) => {
    answer = resolve;
  });
  const trial = venue.reports('');
  expect(await state()).toBe('1');
  answer();
  await trial;
  expect([await state(), venue.isReachable()]).toEqual(['0', true]);
});

test('a closed circuit opens at the fifth failure; while it is open nobody is called', async () => {
  const { venue, clock, calls, times } = aVenue();
  await times(5, 'fails');
  await times(50, 'answers');
  expect(calls).toHaveLength(5);
  await expect(venue.place([])).rejects.toThrow(VenueResting);
  clock.advance(29_999);
  await expect(venue.find([])).rejects.toThrow(VenueResting);
  clock.advance(1);
  await times(1, 'answers');
  expect([calls.length, venue.isReachable()]).toEqual([6, true]);
});

test('of many calls at the end of the rest one goes out; its answer opens the way', async () => {
  const { venue, clock, calls, told, times, state } = aVenue();
  await times(5, 'fails');
  clock.advance(30_000);
  told.reply = 'answers';
  const outcomes = await Promise.allSettled(Array.from({ length: 50 }, () => venue.reports('')));
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect([calls.length, venue.isReachable(), await state()]).toEqual([6, true, '0']);
});

test('a reject and a refused call are answers: they never open the circuit', async () => {
  const { venue, told, times } = aVenue();
  for (let n = 0; n < 20; n += 1) await venue.place([]);
  await times(20, 'refuses');
  expect(venue.isReachable()).toBe(true);
  await times(4, 'fails');
  await times(1, 'refuses');
  await times(4, 'fails');
  told.reply = 'answers';
  expect(venue.isReachable()).toBe(true);
});

test('no answer within 5 s is a failure, in process too', async () => {
  const { venue, told, state } = aVenue();
  told.reply = 'hangs';
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    const calls = Array.from({ length: 5 }, () =>
      venue.reports('').catch((error: Error) => String(error.cause)),
    );
    vi.advanceTimersByTime(4_999);
    expect(venue.isReachable()).toBe(true);
    vi.advanceTimersByTime(1);
    const late = `OutboundError: ${venue.name}: TIMEOUT`;
    expect(new Set(await Promise.all(calls))).toEqual(new Set([late]));
  } finally {
    vi.useRealTimers();
  }
  expect([venue.isReachable(), await state()]).toEqual([false, '2']);
});

/** A market whose venue is gone until told otherwise; `placed` are the ids in their order. */
function aCutOffMarket() {
  const at = { reach: false };
  const placed: string[] = [];
  const guardedCall = <T>(call: () => Promise<T>): Promise<T> =>
    at.reach ? call() : Promise.reject(new VenueNotReached('nobody is there'));
  const market = place.start({
    clock: createVirtualClock(noon),
    between: (venue) => ({
      name: venue.name,
      place: (orders) =>
        guardedCall(() => {
          placed.push(...orders.map(({ clientId }) => clientId));
          return venue.place(orders);
        }),
      find: (ids) => guardedCall(() => venue.find(ids)),
      cancel: (ids) => guardedCall(() => venue.cancel(ids)),
      replace: (rebases) => guardedCall(() => venue.replace(rebases)),
      reports: (after) => guardedCall(() => venue.reports(after)),
      quotes: (symbols) => guardedCall(() => venue.quotes(symbols)),
    }),
  });
  const open = async () => {
    for (let n = 0; n < 5; n += 1) await market.deps.venue.reports('').catch(() => {});
    expect(market.deps.venue.isReachable()).toBe(false);
  };
  return { ...market, at, placed, open };
}

test('after it closes the jobs drain in the order in which they came', async () => {
  const market = aCutOffMarket();
  const ids = Array.from({ length: 450 }, () => randomUUID());
  await market.worker.applyBatch(ids.slice(0, 50).map((id) => orderOpened(id)));
  // The first ones were tried, and are due later than those that come now.
  await expect(sendOrders(market.deps)).rejects.toThrow(VenueNotReached);
  await market.open();
  await market.worker.applyBatch(ids.slice(50).map((id) => orderOpened(id)));
  expect(await sendOrders(market.deps)).toBe(0);
  market.at.reach = true;
  market.clock.advance(30_000);
  await settle(market);
  expect(market.placed).toEqual(ids);
  const attempts = await place.admin.venueOrder.groupBy({
    by: ['attempts'],
    where: { orderId: { in: ids } },
    _count: true,
  });
  expect(attempts).toEqual([{ attempts: 1, _count: 450 }]);
});

test('while the circuit is open a cancel ends what is not sent; for what is it waits', async () => {
  const market = aCutOffMarket();
  market.at.reach = true;
  const [atVenue, unsent] = [randomUUID(), randomUUID()];
  await market.worker.applyBatch([orderOpened(atVenue, { type: 'LIMIT', limitPrice: '1' })]);
  await settle(market);
  market.at.reach = false;
  await market.open();
  await market.worker.applyBatch([orderOpened(unsent)]);
  await market.worker.applyBatch([cancelRequested(unsent), cancelRequested(atVenue)]);
  expect(await sendCancels(market.deps)).toBe(0);
  expect(typesOf(await toldAbout(place.admin, unsent))).toEqual(['order-canceled']);
  expect(typesOf(await toldAbout(place.admin, atVenue))).toEqual(['order-placed']);
  market.at.reach = true;
  market.clock.advance(30_000);
  await settle(market);
  expect(typesOf(await toldAbout(place.admin, atVenue))).toEqual([
    'order-placed',
    'order-canceled',
  ]);
  expect(market.placed).toEqual([atVenue]);
});

test('an unsent order ends by its cancel or its close while the venue is away', async () => {
  const market = aCutOffMarket();
  const [canceled, expired, waiting] = [randomUUID(), randomUUID(), randomUUID()];
  const expiresAt = '2026-01-30T17:00:10.000Z';
  const opened = [orderOpened(canceled), orderOpened(expired, { expiresAt }), orderOpened(waiting)];
  await market.worker.applyBatch(opened);
  // The cancel comes while the call is on its way to a venue that turns out to be away.
  const sending = expect(sendOrders(market.deps)).rejects.toThrow(VenueNotReached);
  await market.worker.applyBatch([cancelRequested(canceled)]);
  await sending;
  await market.open();
  market.clock.advance(11_000);
  while ((await endUnsent(market.deps)) > 0);
  const kinds = await Promise.all(
    [canceled, expired, waiting].map(async (id) => typesOf(await toldAbout(place.admin, id))),
  );
  expect(kinds).toEqual([['order-canceled'], ['order-expired'], []]);
  market.at.reach = true;
  market.clock.advance(30_000);
  await settle(market);
  expect(market.placed).toEqual([waiting]);
});

test('a stop order travels with its stop price, and trades only once that is reached', async () => {
  const market = aCutOffMarket();
  market.at.reach = true;
  const [near, far] = [randomUUID(), randomUUID()];
  const stop = { type: 'STOP', quantity: '0.5' } as const;
  await market.worker.applyBatch([
    orderOpened(near, { ...stop, stopPrice: '0.01' }),
    orderOpened(far, { ...stop, stopPrice: '9999' }),
  ]);
  await settle(market);
  expect(typesOf(await toldAbout(place.admin, near))).toEqual(['order-placed', 'trade-executed']);
  expect(typesOf(await toldAbout(place.admin, far))).toEqual(['order-placed']);
});
