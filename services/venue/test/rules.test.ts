import { randomUUID } from 'node:crypto';
import { Decimal } from '@simplebank/kernel/decimal';
import { createVirtualClock } from '@simplebank/testkit/clock';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Instruction } from '../src/domain/order.ts';
import { quoteAt } from '../src/domain/prices.ts';
import { anOrder, aVenue, type OpenVenue, reportsOf, storyOf, tradeFor } from './builders.ts';

let venue: OpenVenue;
beforeAll(async () => {
  venue = await aVenue();
});
afterAll(() => venue?.close());

const seed = 'simplebank';
const lastAt = (at: Date, symbol = 'ABC') => quoteAt(seed, symbol, at).last;

async function traded(given: Partial<Instruction>, on: OpenVenue = venue): Promise<string> {
  const clientId = randomUUID();
  await on.desk.place([anOrder(clientId, given)]);
  await tradeFor(on, 2_000);
  return storyOf(on, clientId);
}

const minutes = Array.from({ length: 30 }, (_, minute) => (minute + 1) * 60_000);
const symbols = Array.from({ length: 40 }, (_, n) => `UP${n}`);

/** A symbol whose price goes some cents up, or down, within half an hour, and to where and when. */
function wayTo(direction: 'up' | 'down') {
  const now = venue.clock.now();
  const later = (ms: number) => new Date(now.getTime() + ms);
  const sign = direction === 'up' ? 1 : -1;
  const moved = (symbol: string, ms: number) =>
    lastAt(later(ms), symbol).minus(lastAt(now, symbol)).times(sign);
  const ways = symbols.flatMap((symbol) =>
    minutes.flatMap((ms) => (moved(symbol, ms).greaterThan('0.05') ? [{ symbol, ms }] : [])),
  );
  const [way] = ways;
  if (way === undefined) throw new Error(`no price goes ${direction}`);
  return { ...way, stop: lastAt(later(way.ms), way.symbol) };
}

test.each([
  ['BUY', 'up'],
  ['SELL', 'down'],
] as const)(
  'a stop order to %s sleeps until the last price has gone %s to it',
  async (side, way) => {
    const clientId = randomUUID();
    const { symbol, ms, stop } = wayTo(way);
    const limitPrice = side === 'BUY' ? stop.times(2) : new Decimal('0.01');
    const quantity = new Decimal('0.5');
    await venue.desk.place([
      anOrder(clientId, { side, symbol, type: 'STOP', stopPrice: stop, limitPrice, quantity }),
    ]);
    await tradeFor(venue, 1_000);
    expect(await storyOf(venue, clientId)).toBe('');
    venue.clock.advance(ms);
    await tradeFor(venue, 3_000);
    expect(await storyOf(venue, clientId)).toBe('bought 0.5, FILLED');
  },
);

test('a stop that was reached stays awake: a stop-limit fills later, off its stop', async () => {
  const clientId = randomUUID();
  const now = lastAt(venue.clock.now());
  // It wakes at once, and its limit is far: the trigger must outlive the price and the process.
  const order = anOrder(clientId, {
    ...{ type: 'STOP_LIMIT', stopPrice: now.minus(1), limitPrice: now.minus('0.5') },
    expiresAt: new Date(venue.clock.now().getTime() + 3_600_000),
  });
  await venue.desk.place([order]);
  await tradeFor(venue, 1_000);
  const find = () => venue.db.bookOrder.findUniqueOrThrow({ where: { clientId } });
  expect(await find()).toMatchObject({ status: 'WORKING', triggered: true, executions: 0 });
  // Below the stop now, were it looked at again.
  await venue.db.bookOrder.update({ where: { clientId }, data: { stopPrice: now.times(9) } });
  await venue.db.bookOrder.update({ where: { clientId }, data: { limitPrice: now.times(2) } });
  await tradeFor(venue, 6_000);
  expect(await find()).toMatchObject({ status: 'FILLED' });
});

test('a stop whose price is never reached expires with its time, unfilled', async () => {
  const expiresAt = new Date(venue.clock.now().getTime() + 1_000);
  const stopPrice = new Decimal(9_000);
  expect(await traded({ type: 'STOP', stopPrice, expiresAt })).toBe('EXPIRED');
});

test('a stop order beyond its collar when it wakes expires, a stop-limit waits', async () => {
  const away = { stopPrice: new Decimal('0.01'), limitPrice: new Decimal('0.02') };
  expect(await traded({ type: 'STOP', ...away })).toBe('EXPIRED');
  expect(await traded({ type: 'STOP_LIMIT', ...away })).toBe('');
});

test('IOC and FOK fill at once and whole, or are canceled when the limit is away', async () => {
  const at = venue.clock.now();
  for (const timeInForce of ['IOC', 'FOK']) {
    const clientId = randomUUID();
    await venue.desk.place([anOrder(clientId, { type: 'LIMIT', timeInForce })]);
    await venue.trade();
    expect(await storyOf(venue, clientId)).toBe('bought 10, FILLED');
    expect(await traded({ type: 'LIMIT', timeInForce, limitPrice: new Decimal(1) })).toBe(
      'CANCELED',
    );
    expect(await traded({ type: 'MARKET', timeInForce, limitPrice: new Decimal(1) })).toBe(
      'CANCELED',
    );
  }
  expect(venue.clock.now() > at).toBe(true);
});

test('a thin market gives IOC whole shares only, FOK nothing; a market order expires', async () => {
  const thin = await aVenue({ VENUE_THIN_PERCENT: '100' });
  try {
    const limit = { type: 'LIMIT', quantity: new Decimal(1_000) } as const;
    const stories = [];
    for (let n = 0; n < 12; n += 1)
      stories.push(await traded({ ...limit, timeInForce: 'IOC' }, thin));
    expect(stories.join('; ')).toMatch(/bought [1-9]\d{0,2}, CANCELED/);
    expect(stories.filter((story) => !/^(bought [1-9]\d{0,2}, )?CANCELED$/.test(story))).toEqual(
      [],
    );
    expect(await traded({ ...limit, timeInForce: 'FOK' }, thin)).toBe('CANCELED');
    expect(await traded({ quantity: new Decimal(1_000) }, thin)).toMatch(
      /^(bought \d+, )?EXPIRED$/,
    );
    expect(await traded({ ...limit, timeInForce: 'DAY' }, thin)).toMatch(/FILLED$/);
    expect(await traded({ quantity: new Decimal('0.75') }, thin)).toBe('bought 0.75, FILLED');
  } finally {
    await thin.close();
  }
});

test('IOC and FOK of part of a share are rejected; so is a stop without its price', async () => {
  const [half, half2, stop] = [randomUUID(), randomUUID(), randomUUID()];
  const quantity = new Decimal('0.5');
  const answers = await venue.desk.place([
    anOrder(half, { timeInForce: 'IOC', quantity }),
    anOrder(half2, { timeInForce: 'FOK', quantity }),
    anOrder(stop, { type: 'STOP_LIMIT' }),
  ]);
  expect(new Map(answers.map((answer) => [answer.clientId, answer.kind]))).toEqual(
    new Map([half, half2, stop].map((id) => [id, 'REJECTED'])),
  );
});

test('a halted symbol trades again once the halt is lifted; IOC does not wait for it', async () => {
  const [clientId, other, atOnce] = [randomUUID(), randomUUID(), randomUUID()];
  expect(await venue.control.halt('HLT', true)).toEqual(['HLT']);
  await venue.desk.place([
    anOrder(clientId, { symbol: 'HLT', quantity: new Decimal('0.5') }),
    anOrder(atOnce, { symbol: 'HLT', timeInForce: 'IOC' }),
    anOrder(other, { quantity: new Decimal('0.5') }),
  ]);
  await tradeFor(venue, 10_000);
  const stories = [clientId, atOnce, other].map((id) => storyOf(venue, id));
  expect(await Promise.all(stories)).toEqual(['', 'CANCELED', 'bought 0.5, FILLED']);
  expect(await venue.control.halt('HLT', false)).toEqual([]);
  await tradeFor(venue, 6_000);
  expect(await storyOf(venue, clientId)).toBe('bought 0.5, FILLED');
});

test('nothing trades outside the sessions in force, and orders wait for the bell', async () => {
  const saturday = createVirtualClock('2026-01-31T17:00:00.000Z');
  const closed = await aVenue({}, saturday);
  try {
    const expiresAt = new Date('2026-02-02T21:00:00.000Z');
    const clientId = randomUUID();
    await closed.desk.place([anOrder(clientId, { expiresAt, quantity: new Decimal('0.5') })]);
    await tradeFor(closed, 1_000);
    expect(await storyOf(closed, clientId)).toBe('');
    closed.clock.advance(Date.parse('2026-02-02T14:30:00Z') - closed.clock.now().getTime());
    await tradeFor(closed, 100);
    expect(await storyOf(closed, clientId)).toBe('bought 0.5, FILLED');
    const [first] = await reportsOf(closed);
    expect(first?.at.getTime()).toBeGreaterThanOrEqual(Date.parse('2026-02-02T14:30:00Z'));
  } finally {
    await closed.close();
  }
});

test('a repeat of a client id gets the first answer and makes no second order', async () => {
  const clientId = randomUUID();
  const [first] = await venue.desk.place([anOrder(clientId)]);
  venue.clock.advance(1_000);
  const [again] = await venue.desk.place([anOrder(clientId, { quantity: new Decimal(99) })]);
  expect(again).toEqual(first);
  expect(await venue.db.bookOrder.count({ where: { clientId } })).toBe(1);
});

test('what was told and what has ended never changes, not even by the venue itself', async () => {
  const clientId = randomUUID();
  await venue.desk.place([anOrder(clientId, { quantity: new Decimal('0.5') })]);
  await tradeFor(venue, 500);
  for (const change of [
    () => venue.db.$executeRaw`UPDATE book_report SET quantity = 1`,
    () => venue.db.$executeRaw`DELETE FROM book_report`,
    () => venue.db.$executeRaw`TRUNCATE book_report`,
  ]) {
    await expect(change()).rejects.toThrow('append-only');
  }
  await expect(
    venue.db
      .$executeRaw`UPDATE book_order SET status = 'WORKING' WHERE client_id = ${clientId}::uuid`,
  ).rejects.toThrow('has ended as FILLED');
  await expect(
    venue.db
      .$executeRaw`UPDATE book_order SET filled_quantity = quantity + 1 WHERE status = 'WORKING'`,
  ).rejects.toThrow('book_order_filled');
});

test('reports come in the order of events; each resume point goes on where it ends', async () => {
  const clientIds: readonly string[] = Array.from({ length: 60 }, () => randomUUID());
  const from = (await venue.desk.reports('')).resumePoint;
  await venue.desk.place(clientIds.map((id) => anOrder(id, { quantity: new Decimal(100) })));
  await tradeFor(venue, 3_000);
  const { reports, resumePoint } = await venue.desk.reports(from);
  // Orders of other tests may end meanwhile.
  const own = new Set<string>(clientIds);
  const ended = reports.flatMap(({ kind, clientId }) =>
    kind === 'ENDED' && own.has(clientId) ? [clientId] : [],
  );
  expect(ended.toSorted()).toEqual(clientIds.toSorted());
  for (const clientId of clientIds) {
    const story = reports.filter((report) => report.clientId === clientId);
    expect(story.at(-1)?.kind).toBe('ENDED');
  }
  expect(reports.map(({ at }) => at.getTime())).toEqual(
    reports.map(({ at }) => at.getTime()).toSorted((a, b) => a - b),
  );
  expect(await venue.desk.reports(resumePoint)).toEqual({ reports: [], resumePoint });
});
