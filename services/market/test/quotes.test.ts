import { randomUUID } from 'node:crypto';
import type { Envelope } from '@simplebank/contracts/event';
import type { QuoteChangedV1 } from '@simplebank/contracts/market';
import { createVirtualClock } from '@simplebank/testkit/clock';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { publishQuotes } from '../src/commands/publish-quotes.ts';
import { loadConfig } from '../src/config.ts';
import { aMarketplace, assetUpdated, noon } from './builders.ts';

const intervalMs = 5_000;
let place: Awaited<ReturnType<typeof aMarketplace>>;
beforeEach(async () => {
  place = await aMarketplace();
});
afterEach(() => place.close());

const assets = (count: number) =>
  Array.from({ length: count }, (_, index) => assetUpdated(randomUUID(), { symbol: `S${index}` }));

async function quoteEvents() {
  const rows = await place.admin.outboxEvent.findMany({ orderBy: { position: 'asc' } });
  return rows.map(({ body }) => (JSON.parse(body) as Envelope<QuoteChangedV1>).payload.quotes);
}

test('after a start every asset is quoted at once, in events of at most 100', async () => {
  const { worker, deps, clock } = place.start();
  await worker.applyBatch(assets(230));
  await publishQuotes(deps, { since: clock.now(), intervalMs });
  expect((await quoteEvents()).map((quotes) => quotes.length)).toEqual([100, 100, 30]);
});

test('then 45 assets a round, each once in as many rounds as it takes', async () => {
  const { worker, deps, clock } = place.start();
  const since = clock.now();
  await worker.applyBatch(assets(90));
  for (let round = 0; round < 3; round += 1) {
    await publishQuotes(deps, { since, intervalMs });
    // Another process, or an early turn of the loop, adds nothing to the round.
    await publishQuotes(deps, { since, intervalMs });
    clock.advance(intervalMs);
  }
  const events = await quoteEvents();
  expect(events.map((quotes) => quotes.length)).toEqual([90, 45, 45]);
  expect(
    new Set(
      events
        .slice(1)
        .flat()
        .map(({ assetId }) => assetId),
    ).size,
  ).toBe(90);
});

test('a turn that has nothing to quote opens no transaction', async () => {
  const { worker, deps, clock } = place.start();
  const since = clock.now();
  await worker.applyBatch(assets(3));
  let transactions = 0;
  const transact: typeof deps.transact = (work, options) => {
    transactions += 1;
    return deps.transact(work, options);
  };
  for (let turn = 0; turn < 8; turn += 1) {
    await publishQuotes({ ...deps, transact }, { since, intervalMs });
    clock.advance(1_000);
  }
  expect(transactions).toBe(2);
  expect((await quoteEvents()).map((quotes) => quotes.length)).toEqual([3, 3]);
});

test('the sequence of an asset rises across restarts and with a clock set back', async () => {
  const [body = ''] = assets(1);
  const sequences: number[] = [];
  for (const at of [
    '2026-01-30T17:00:10.000Z',
    '2026-01-30T17:00:05.000Z',
    '2026-01-30T17:00:00.000Z',
  ]) {
    const { worker, deps } = place.start({ clock: createVirtualClock(at) });
    await worker.applyBatch([body]);
    await publishQuotes(deps, { since: new Date('2027-01-01T00:00:00Z'), intervalMs });
    const last = (await quoteEvents()).at(-1)?.[0];
    sequences.push(last?.sequence ?? 0);
  }
  expect(sequences).toEqual(sequences.toSorted((a, b) => a - b));
  expect(new Set(sequences).size).toBe(3);
});

test('a closed market quotes only what has no price yet', async () => {
  const clock = createVirtualClock('2026-01-31T17:00:00.000Z');
  const { worker, deps } = place.start({ clock });
  const since = clock.now();
  await worker.applyBatch(assets(3));
  await publishQuotes(deps, { since, intervalMs });
  clock.advance(60_000);
  await publishQuotes(deps, { since, intervalMs });
  expect((await quoteEvents()).map((quotes) => quotes.length)).toEqual([3]);
});

test('the copy of an asset keeps its highest version, whatever comes last', async () => {
  const { worker } = place.start({ clock: createVirtualClock(noon) });
  const assetId = randomUUID();
  const bodies = [
    assetUpdated(assetId, { version: 2, state: 'DELISTED' }),
    assetUpdated(assetId, { version: 3, state: 'HALTED' }),
    assetUpdated(assetId, { version: 1 }),
  ];
  for (const body of bodies) await worker.applyBatch([body]);
  const copy = await place.admin.instrument.findUnique({ where: { assetId } });
  expect(copy).toMatchObject({ version: 3, state: 'HALTED' });
});

test('a market around the clock is refused in production unless it is confirmed', () => {
  const env = {
    MARKET_DATABASE_URL: 'postgresql://localhost/market',
    VENUE_DATABASE_URL: 'postgresql://localhost/venue',
    MARKET_CALENDAR: 'always',
  };
  const production = { ...env, NODE_ENV: 'production' };
  expect(() => loadConfig(production)).toThrow('MARKET_CALENDAR');
  const confirmed = loadConfig({ ...production, MARKET_ALWAYS_CONFIRMED: 'yes' });
  expect([loadConfig(env).MARKET_CALENDAR, confirmed.MARKET_CALENDAR]).toEqual([
    'always',
    'always',
  ]);
});

test('the venue is asked before any transaction; a failure takes no asset its turn', async () => {
  const open = { transactions: 0, seen: [] as number[], fails: true };
  const { worker, deps, clock } = place.start({
    between: (venue) => ({
      ...venue,
      async quotes(symbols) {
        open.seen.push(open.transactions);
        if (open.fails) throw new Error('no prices now');
        return venue.quotes(symbols);
      },
    }),
  });
  const transact: typeof deps.transact = async (work, options) => {
    open.transactions += 1;
    return deps.transact(work, options).finally(() => {
      open.transactions -= 1;
    });
  };
  await worker.applyBatch(assets(3));
  const round = { since: clock.now(), intervalMs };
  await publishQuotes({ ...deps, transact }, round);
  expect(await quoteEvents()).toEqual([]);
  open.fails = false;
  await publishQuotes({ ...deps, transact }, round);
  expect((await quoteEvents()).map((quotes) => quotes.length)).toEqual([3]);
  expect(open.seen).toEqual([0, 0]);
});

test('two processes that ask for the same prices publish each once', async () => {
  const clock = createVirtualClock(noon);
  let bothAsked = () => {};
  const both = new Promise<void>((resolve) => {
    bothAsked = resolve;
  });
  let asked = 0;
  const processes = [1, 2].map(() =>
    place.start({
      clock,
      between: (venue) => ({
        ...venue,
        async quotes(symbols) {
          asked += 1;
          if (asked === 2) bothAsked();
          await both;
          return venue.quotes(symbols);
        },
      }),
    }),
  );
  await processes[0]?.worker.applyBatch(assets(20));
  const round = { since: clock.now(), intervalMs };
  await Promise.all(processes.map(({ deps }) => publishQuotes(deps, round)));
  expect((await quoteEvents()).map((quotes) => quotes.length)).toEqual([20]);
});
