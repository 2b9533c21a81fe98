import { randomUUID } from 'node:crypto';
import { QuoteChangedV1 } from '@simplebank/contracts/market';
import { Decimal } from '@simplebank/kernel/decimal';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { closePrices, recordDailyCandles } from '../src/candles/index.ts';
import { type Bench, nobody, now, openBench } from './bench.ts';
import { company, operator, staffAt } from './staff.ts';

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
const other = () => ids[1] ?? '';

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

describe('a past that no quotes tell of', () => {
  const cause = { correlationId: 'test', causationId: null, traceparent: null };
  const dayOf = (date: string, close: string, assetId = first()) => {
    const price = new Decimal(close);
    return { assetId, date, open: price, high: price.plus(1), low: price, close: price };
  };
  const record = (days: Parameters<typeof dayOf>[], tellsOthers: boolean) =>
    recordDailyCandles(bench.app.deps, {
      days: days.map((day) => dayOf(...day)),
      tellsOthers,
      cause,
    });

  test('is written in bulk, told when asked, and a repeat adds nothing', async () => {
    expect(
      await record(
        [
          ['2026-11-19', '10'],
          ['2026-11-20', '11'],
        ],
        false,
      ),
    ).toBe(2);
    expect(await closesTold()).toEqual([]);
    const days: Parameters<typeof dayOf>[] = [
      ['2026-11-20', '99'],
      ['2026-11-18', '9'],
    ];
    expect(await record(days, true)).toBe(1);
    expect(await closesTold()).toEqual([['2026-11-18', 1, ['9']]]);
    expect(await record(days, true)).toBe(0);
    await closePrices(bench.app.deps);
    expect(await closesTold()).toHaveLength(1);
    expect(brief(await candles({ interval: 'DAY' }))).toEqual([
      '14:30 9 10 9 9',
      '14:30 10 11 10 10',
      '14:30 11 12 11 11',
    ]);
  });

  test('refuses what was never traded, and writes nothing of it', async () => {
    const bad: Parameters<typeof dayOf>[] = [
      ['2026-11-21', '1'],
      ['2026-11-23', '1'],
      ['2026-11-20', '0'],
    ];
    for (const day of bad) {
      await expect(record([['2026-11-19', '1'], day], true)).rejects.toThrow(RangeError);
    }
    expect(await staffAt(bench).count('candle')).toBe(0);
  });

  test('prices before a split and a dividend are shown on the basis of today', async () => {
    await record(
      [
        ['2026-11-19', '90'],
        ['2026-11-20', '100'],
      ],
      false,
    );
    const insert = `INSERT INTO corporate_action (id, asset_id, kind, state, ex_date, rate,
        currency, pay_date, numerator, denominator, version, announced_at, changed_at)
      VALUES (gen_random_uuid(), $1, 'DIVIDEND', 'ANNOUNCED', '2026-11-20', 4.5, 'USD',
        '2026-12-01', NULL, NULL, 1, now(), now()),
      (gen_random_uuid(), $1, 'SPLIT', 'ANNOUNCED', '2026-11-23', NULL, NULL, NULL, 4, 1, 1,
        now(), now())`;
    await bench.sql.query(insert, [first()]);
    const closes = async (adjusted: string) =>
      (await candles({ interval: 'DAY', adjusted })).nodes.map(({ close }) => close);
    // What is only announced has changed no price yet.
    expect(await closes('ALL')).toEqual(['90', '100']);
    await bench.sql.query("UPDATE corporate_action SET state = 'EFFECTIVE', version = 2");
    expect(await closes('RAW')).toEqual(['90', '100']);
    expect(await closes('SPLIT')).toEqual(['22.5', '25']);
    // 1 − 4.5 ÷ 90 = 0.95 before the ex-date of the dividend.
    expect(await closes('ALL')).toEqual(['21.375', '25']);
  });
});

test('a hundred assets with prices, candles and actions cost six statements', async () => {
  const symbols = Array.from({ length: 98 }, (_, nth) => `S${nth}`);
  await staffAt(bench).register(...symbols.map((symbol) => company(symbol)));
  const { rows } = await bench.sql.query('SELECT id FROM asset');
  const keys = rows.map(({ id }) => ({ __typename: 'Asset', id }));
  const { db } = bench.app.deps;
  const raw = vi.spyOn(db, '$queryRaw');
  const found = [vi.spyOn(db.asset, 'findMany'), vi.spyOn(db.quote, 'findMany')];
  const entities = `query ($keys: [_Any!]!) { _entities(representations: $keys) { ... on Asset {
    symbol price quote { bid isStale } ticks { tick }
    days: candles(interval: DAY, adjusted: ALL, first: 100) { nodes { close } }
    hours: candles(interval: HOUR, first: 10) { nodes { close } }
    corporateActions(first: 5) { nodes { exDate asset { symbol } } } } } }`;
  const { data, errors } = await bench.ask(operator, entities, { keys });
  expect([errors, data?.['_entities']]).toEqual([[], expect.objectContaining({ length: 100 })]);
  // Two pages of candles, the actions that adjust, and the lists of actions.
  expect([raw.mock.calls.length, ...found.map((spy) => spy.mock.calls.length)]).toEqual([4, 1, 1]);
  vi.restoreAllMocks();
});

test('the database keeps candles and closes from going back', async () => {
  await bench.deliver(
    quoted({ assetId: first(), last: '5.00', sequence: 5, at: '2026-11-23T14:30:00.000Z' }),
  );
  await bench.sql.query(`INSERT INTO price_close VALUES ('2026-11-20', '${first()}', 5, 1)`);
  const tries = [
    'UPDATE candle SET high = 4, low = 4, open = 4, close = 4',
    'UPDATE candle SET close_sequence = 4, open_sequence = 4',
    "DELETE FROM candle WHERE interval = 'DAY'",
    `INSERT INTO candle VALUES ('${other()}', 'DAY', now(), 5, 4, 5, 5, 1, 1)`,
    `INSERT INTO candle VALUES ('${other()}', 'WEEK', now(), 5, 5, 5, 5, 1, 1)`,
    'UPDATE price_close SET close = 6',
    'DELETE FROM price_close',
    'TRUNCATE price_close',
  ];
  const codes: string[] = [];
  for (const sql of tries) {
    codes.push(
      await bench.sql.query(sql).then(
        () => 'done',
        ({ code }) => code,
      ),
    );
  }
  expect(codes).toEqual(['23514', '23514', '23001', '23514', '23514', '23514', '23001', '23001']);
});
