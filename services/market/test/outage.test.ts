import { randomUUID } from 'node:crypto';
import { createLogger } from '@simplebank/chassis/logging';
import { createMemoryShared } from '@simplebank/chassis/shared';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sendOrders } from '../src/commands/send-orders.ts';
import { takeReports } from '../src/commands/take-reports.ts';
import { loadConfig } from '../src/config.ts';
import { type Deps, openDeps } from '../src/deps.ts';
import { buildWorker } from '../src/worker.ts';
import { aMarketplace, orderOpened, toldAbout, typesOf } from './builders.ts';
import { aVenueProcess, type VenueProcess } from './venue-process.ts';

let place: Awaited<ReturnType<typeof aMarketplace>>;
let venue: VenueProcess;
beforeAll(async () => {
  place = await aMarketplace();
  venue = await aVenueProcess(place.urls.VENUE_DATABASE_URL);
});
afterAll(async () => {
  await venue?.close();
  await place?.close();
});

const ordersMax = 200;
const hourMs = 3_600_000;

/** A market whose venue is another process; its clock can be moved past a circuit's rest. */
function aMarket() {
  let aheadMs = 0;
  const clock = { now: () => new Date(Date.now() + aheadMs) };
  const config = loadConfig({ ...place.urls, MARKET_CALENDAR: 'always', ...venue.marketEnv });
  const log = createLogger({ service: 'market', destination: { write: () => {} } });
  const queues = { send: async () => {}, consume: async () => ({ close: async () => {} }) };
  const outside = {
    queues: { ...queues, close: async () => {} },
    shared: createMemoryShared({ log }),
  };
  const runtime = { clock, newId: randomUUID, log, ...outside };
  const opened = openDeps(config, runtime);
  return {
    deps: opened.deps,
    worker: buildWorker(opened, runtime),
    pass: (ms: number) => {
      aheadMs += ms;
    },
    async close() {
      await Promise.all(opened.venueParts.map((part) => part.close()));
      await opened.deps.db.$disconnect();
    },
  };
}
type Market = ReturnType<typeof aMarket>;

const expiresAt = () => new Date(Date.now() + hourMs).toISOString();
const bodyOf = (id: string) => orderOpened(id, { expiresAt: expiresAt() });
const newIds = () => Array.from({ length: ordersMax }, () => randomUUID());

const statesOf = async (ids: readonly string[]) => {
  const rows = await place.admin.venueOrder.findMany({ where: { orderId: { in: [...ids] } } });
  const counts = new Map<string, number>();
  for (const { state, outcome, attempts } of rows) {
    const key = `${state} ${outcome ?? '-'} after ${attempts} attempts`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return Object.fromEntries(counts);
};

/** One turn of the loops; a failed call is their daily bread. */
async function turn({ deps }: Pick<Market, 'deps'>): Promise<void> {
  await sendOrders(deps).catch(() => 0);
  await takeReports(deps).catch(() => 0);
}

async function untilDone(market: Market, ids: readonly string[]): Promise<void> {
  for (let turns = 0; turns < 300; turns += 1) {
    await turn(market);
    const left = await place.admin.venueOrder.count({
      where: { orderId: { in: [...ids] }, state: { not: 'DONE' } },
    });
    if (left === 0) return;
    if (!market.deps.venue.isReachable()) market.pass(30_000);
    market.pass(1_000);
  }
  throw new Error('the orders do not come to their end');
}

/** The venue's book and our events agree: each order once, whole, and told once. */
async function expectEachOnce(ids: readonly string[], deps: Deps): Promise<void> {
  const book = await place.book.orders(ids);
  expect(book).toHaveLength(ids.length);
  const wrong = book.filter((row) => row.status !== 'FILLED' || row.filledQuantity !== '10');
  expect(wrong).toEqual([]);
  const executions = await deps.db.execution.findMany({ where: { orderId: { in: [...ids] } } });
  expect(executions).toHaveLength(book.reduce((sum, row) => sum + row.executions, 0));
  for (const { clientId, executions: count } of book) {
    const types = typesOf(await toldAbout(place.admin, clientId));
    const fills = Array.from({ length: count }, () => 'trade-executed');
    expect(types).toEqual(['order-placed', ...fills]);
  }
}

test('200 orders while the venue is down and back: none is lost, doubled or burned', async () => {
  const ids = newIds();
  await venue.start();
  await venue.kill();
  const market = aMarket();
  try {
    for (let n = 0; n < ordersMax; n += 50) {
      await market.worker.applyBatch(ids.slice(n, n + 50).map(bodyOf));
      await turn(market);
      market.pass(1_000);
    }
    for (let seconds = 0; seconds < 20; seconds += 1) {
      await turn(market);
      market.pass(1_000);
    }
    expect(market.deps.venue.isReachable()).toBe(false);
    // Nobody was there to be asked: no attempt, and no doubt.
    expect(await statesOf(ids)).toEqual({ 'INTENT - after 0 attempts': ordersMax });
    expect(await place.book.orders(ids)).toEqual([]);
    await venue.start();
    market.pass(30_000);
    await untilDone(market, ids);
    expect(await statesOf(ids)).toEqual({ 'DONE FILLED after 1 attempts': ordersMax });
    await expectEachOnce(ids, market.deps);
  } finally {
    await market.close();
    await venue.kill();
  }
}, 120_000);

test('200 orders, every third answer lost: none doubled, none lost, none burned', async () => {
  const ids = newIds();
  await venue.start();
  await venue.control('faults', { lostAnswerPercent: 30 });
  const market = aMarket();
  let lost = 0;
  try {
    for (let n = 0; n < ordersMax; n += 5) {
      await market.worker.applyBatch(ids.slice(n, n + 5).map(bodyOf));
      await sendOrders(market.deps).catch(() => {
        lost += 1;
      });
      if (!market.deps.venue.isReachable()) market.pass(30_000);
    }
    await untilDone(market, ids);
    expect(lost).toBeGreaterThan(5);
    // None where the first report came before any answer: the venue was never asked again.
    const states = Object.entries(await statesOf(ids));
    expect(states.map(([state]) => state.replace(/[01] attempts/, ''))).toEqual(
      states.map(() => 'DONE FILLED after '),
    );
    await expectEachOnce(ids, market.deps);
  } finally {
    await market.close();
    await venue.kill();
  }
}, 120_000);

test('a venue killed while it fills goes on where its book ends; so does the market', async () => {
  const ids = newIds();
  await venue.start();
  const first = aMarket();
  await first.worker.applyBatch(ids.map(bodyOf));
  await turn(first);
  await venue.kill();
  await turn(first);
  await first.close();
  const second = aMarket();
  try {
    await venue.start();
    second.pass(60_000);
    await untilDone(second, ids);
    await expectEachOnce(ids, second.deps);
  } finally {
    await second.close();
    await venue.kill();
  }
}, 120_000);
