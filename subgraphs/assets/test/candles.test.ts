import { randomUUID } from 'node:crypto';
import { QuoteChangedV1 } from '@simplebank/contracts/market';
import { Decimal } from '@simplebank/kernel/decimal';
import { createChance } from '@simplebank/testkit/chance';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { closePrices, dropOldMinutes } from '../src/candles/index.ts';
import { type Bench, nobody, now, openBench } from './bench.ts';
import { company, staffAt } from './staff.ts';

let bench: Bench;
let ids: string[];
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());
beforeEach(async () => {
  await staffAt(bench).clear();
  bench.clock.moveTo(now);
  await staffAt(bench).register(company('ABC'), company('XYZ'));
  const { rows } = await bench.sql.query('SELECT id FROM asset ORDER BY symbol');
  ids = rows.map(({ id }) => id);
  await bench.sql.query('DELETE FROM outbox_event');
});

type Given = { assetId: string; last: string; sequence: number; at: string };
const quoted = (...quotes: readonly Given[]) => ({
  ...{ eventId: randomUUID(), type: QuoteChangedV1.name, aggregateId: randomUUID() },
  ...{ aggregateVersion: 1, occurredAt: '2026-11-23T15:00:00.000Z', correlationId: 'test' },
  ...{ causationId: null, traceparent: null },
  payload: { quotes: quotes.map((one) => ({ ...one, bid: one.last, ask: one.last })) },
});
const first = () => ids[0] ?? '';

const text = `query ($id: ID!, $interval: CandleInterval!, $adjusted: CandleAdjustment,
    $from: DateTime, $to: DateTime, $first: Int, $after: String) {
  asset(id: $id) { candles(interval: $interval, adjusted: $adjusted, from: $from, to: $to,
      first: $first, after: $after) {
    nodes { start open high low close } pageInfo { hasNextPage endCursor } } } }`;
type Page = {
  nodes: { start: string; open: string; high: string; low: string; close: string }[];
  pageInfo: { hasNextPage: boolean; endCursor: string };
};
async function candles(variables: object): Promise<Page> {
  const all = { id: 'ABC', adjusted: 'RAW', first: 100, ...variables };
  const asset = await bench.read<{ candles: Page }>(nobody, text, all);
  return asset.candles;
}
const brief = ({ nodes }: Page) =>
  nodes.map(({ start, ...c }) => `${start.slice(11, 16)} ${c.open} ${c.high} ${c.low} ${c.close}`);
const closesTold = async () => {
  const events = (await staffAt(bench).outbox()) as {
    type: string;
    aggregateVersion: number;
    payload: { date: string; closes: { close: string }[] };
  }[];
  return events
    .filter(({ type }) => type === 'assets.price-closed.v1')
    .map(({ aggregateVersion, payload }) => [
      payload.date,
      aggregateVersion,
      payload.closes.map(({ close }) => close),
    ]);
};

test('quotes make minutes, hours and a day, labelled by their start', async () => {
  const given = [
    ['14:30:00', '10.00'],
    ['14:30:59', '11.00'],
    ['14:31:00', '9.50'],
    ['15:30:00', '12.00'],
  ].map(([time, last], nth) => ({
    ...{ assetId: first(), last: last ?? '', sequence: nth + 1 },
    at: `2026-11-23T${time}.000Z`,
  }));
  await bench.deliver(quoted(...given));
  expect(brief(await candles({ interval: 'MINUTE' }))).toEqual([
    '14:30 10 11 10 11',
    '14:31 9.5 9.5 9.5 9.5',
    '15:30 12 12 12 12',
  ]);
  expect(brief(await candles({ interval: 'HOUR' }))).toEqual([
    '14:30 10 11 9.5 9.5',
    '15:30 12 12 12 12',
  ]);
  expect(brief(await candles({ interval: 'DAY' }))).toEqual(['14:30 10 12 9.5 12']);
});

test('late, shuffled and repeated quotes end in the same rows', async () => {
  const chance = createChance(7);
  const draw = (count: number) => Math.floor(chance() * count);
  const day = Date.parse('2026-11-23T14:30:00.000Z');
  const quotes = Array.from({ length: 120 }, (_, nth) => ({
    ...{ assetId: ids[nth % 2] ?? '', sequence: nth + 1 },
    last: new Decimal(100 + draw(900)).div(100).toFixed(),
    at: new Date(day + draw(23_400_000)).toISOString(),
  }));
  const rows = 'SELECT * FROM candle ORDER BY asset_id, interval, starts_at';
  await bench.deliver(quoted(...quotes.slice(0, 60)), quoted(...quotes.slice(60)));
  const expected = (await bench.sql.query(rows)).rows;
  expect(expected.length).toBeGreaterThan(100);
  for (let round = 0; round < 5; round += 1) {
    await bench.sql.query(`SET session_replication_role = replica; DELETE FROM candle;
      SET session_replication_role = origin`);
    const shuffled = [...quotes, ...quotes.slice(draw(120))]
      .map((one) => ({ one, key: chance() }))
      .sort((a, b) => a.key - b.key)
      .map(({ one }) => one);
    for (let at = 0; at < shuffled.length; ) {
      const size = 1 + draw(50);
      await bench.deliver(quoted(...shuffled.slice(at, at + size)));
      at += size;
    }
    expect((await bench.sql.query(rows)).rows).toEqual(expected);
  }
});

test('pages of candles follow one another, within from and to', async () => {
  const given = Array.from({ length: 5 }, (_, nth) => ({
    ...{ assetId: first(), last: `${nth + 1}.00`, sequence: nth + 1 },
    at: `2026-11-23T15:0${nth}:00.000Z`,
  }));
  await bench.deliver(quoted(...given));
  const page = await candles({ interval: 'MINUTE', first: 2 });
  expect([brief(page).length, page.pageInfo.hasNextPage]).toEqual([2, true]);
  const after = page.pageInfo.endCursor;
  const next = await candles({ interval: 'MINUTE', first: 3, after });
  expect([next.nodes.map(({ close }) => close), next.pageInfo.hasNextPage]).toEqual([
    ['3', '4', '5'],
    false,
  ]);
  const [from, to] = ['2026-11-23T15:01:00.000Z', '2026-11-23T15:03:00.000Z'];
  const between = await candles({ interval: 'MINUTE', from, to });
  expect(between.nodes.map(({ close }) => close)).toEqual(['2', '3']);
  const bad = [{ first: 101 }, { first: 0 }, { after: 'x' }, { from: to, to: from }];
  const refused = await Promise.all(
    bad.map((each) => bench.ask(nobody, text, { id: 'ABC', interval: 'DAY', ...each })),
  );
  expect(refused.map(({ errors }) => errors[0]?.extensions?.['field'])).toEqual([
    ...['first', 'first', 'after', 'to'],
  ]);
});

describe('closes', () => {
  const lateOf = (last: string, sequence: number) =>
    quoted({ assetId: first(), last, sequence, at: '2026-11-23T20:59:58.000Z' });

  test('a close is told once after the bell, and again by version after a late quote', async () => {
    await bench.deliver(lateOf('10.00', 1));
    bench.clock.moveTo('2026-11-23T21:00:59.999Z');
    await closePrices(bench.app.deps);
    expect(await closesTold()).toEqual([]);
    bench.clock.advance(1);
    await Promise.all([1, 2, 3].map(() => closePrices(bench.app.deps)));
    await closePrices(bench.app.deps);
    // XYZ had no quote that day and has no close.
    expect(await closesTold()).toEqual([['2026-11-23', 1, ['10']]]);
    await bench.deliver(lateOf('10.00', 2));
    await closePrices(bench.app.deps);
    expect(await closesTold()).toHaveLength(1);
    await bench.deliver(lateOf('10.50', 3));
    await closePrices(bench.app.deps);
    expect((await closesTold()).at(-1)).toEqual(['2026-11-23', 2, ['10.5']]);
  });

  test('a crash before the commit leaves nothing, and the next run tells it', async () => {
    await bench.deliver(lateOf('10.00', 1));
    bench.clock.moveTo('2026-11-24T01:00:00.000Z');
    const { deps } = bench.app;
    const transact: typeof deps.transact = (work, options) =>
      deps.transact(async (tx) => {
        await work(tx);
        throw new Error('crash');
      }, options);
    await expect(closePrices({ ...deps, transact })).rejects.toThrow('crash');
    expect([await closesTold(), await staffAt(bench).count('price_close')]).toEqual([[], 0]);
    await closePrices(deps);
    expect(await closesTold()).toHaveLength(1);
  });

  test('250 closes are three events of at most 100', async () => {
    for (let from = 0; from < 250; from += 100) {
      const symbols = Array.from({ length: Math.min(100, 250 - from) }, (_, n) => `C${from + n}`);
      await staffAt(bench).register(...symbols.map((symbol) => company(symbol)));
    }
    const { rows } = await bench.sql.query("SELECT id FROM asset WHERE symbol LIKE 'C%'");
    const quotes = rows.map(({ id: assetId }, nth) => ({
      ...{ assetId, last: '5.00', sequence: nth + 1, at: '2026-11-23T16:00:00.000Z' },
    }));
    await bench.deliver(...[0, 100, 200].map((at) => quoted(...quotes.slice(at, at + 100))));
    bench.clock.moveTo('2026-11-23T22:00:00.000Z');
    await closePrices(bench.app.deps);
    const told = await closesTold();
    expect(told.map(([, , closes]) => (closes as string[]).length)).toEqual([100, 100, 50]);
  });
});

test('minutes are forgotten after seven days, hours and days are kept', async () => {
  await bench.deliver(
    quoted({ assetId: first(), last: '1.00', sequence: 1, at: '2026-11-23T14:30:00.000Z' }),
  );
  bench.clock.moveTo('2026-11-30T14:30:00.000Z');
  await dropOldMinutes(bench.app.deps);
  expect(brief(await candles({ interval: 'MINUTE' }))).toHaveLength(1);
  bench.clock.advance(1);
  await dropOldMinutes(bench.app.deps);
  expect(brief(await candles({ interval: 'MINUTE' }))).toEqual([]);
  expect(brief(await candles({ interval: 'HOUR' }))).toHaveLength(1);
  expect(brief(await candles({ interval: 'DAY' }))).toHaveLength(1);
});
