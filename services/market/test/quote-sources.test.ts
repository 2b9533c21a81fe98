import { randomUUID } from 'node:crypto';
import { metrics } from '@simplebank/chassis/metrics';
import type { Envelope } from '@simplebank/contracts/event';
import type { QuoteChangedV1 } from '@simplebank/contracts/market';
import { Decimal } from '@simplebank/kernel/decimal';
import { createVirtualClock } from '@simplebank/testkit/clock';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { publishQuotes } from '../src/commands/publish-quotes.ts';
import { loadConfig } from '../src/config.ts';
import type { Deps } from '../src/deps.ts';
import { firstSilentMsMax } from '../src/quotes/ask-sources.ts';
import { guardedSource } from '../src/quotes/second-source.ts';
import type { Venue } from '../src/venue.ts';
import { aMarketplace, assetUpdated, noon } from './builders.ts';

const intervalMs = 1_000;
let place: Awaited<ReturnType<typeof aMarketplace>>;
beforeEach(async () => {
  place = await aMarketplace();
});
afterEach(() => place.close());

/** A first source that a test makes silent or crossed, symbol by symbol. */
const aFirstSource = () => {
  const mood = { isDown: false, silent: new Set<string>(), crossed: new Set<string>(), asked: 0 };
  const between = (venue: Venue): Venue => ({
    ...venue,
    async quotes(symbols) {
      mood.asked += 1;
      if (mood.isDown) throw new Error('no prices now');
      const quotes = [...(await venue.quotes(symbols))].filter(([one]) => !mood.silent.has(one));
      return new Map(
        quotes.map(([symbol, quote]) =>
          mood.crossed.has(symbol)
            ? [symbol, { ...quote, bid: quote.ask.plus(1) }]
            : [symbol, quote],
        ),
      );
    },
  });
  return { mood, between };
};

type Told = { readonly symbol: string; readonly source: string | undefined };

/** Runs rounds a second apart; answers what each published. */
async function rounds(deps: Deps, clock: ReturnType<typeof createVirtualClock>, count: number) {
  const told: Told[][] = [];
  const instruments = await place.admin.instrument.findMany();
  const symbolOf = new Map(instruments.map(({ assetId, symbol }) => [assetId, symbol]));
  for (let round = 0; round < count; round += 1) {
    const before = await place.admin.outboxEvent.count();
    await publishQuotes(deps, { since: new Date(noon), intervalMs });
    const rows = await place.admin.outboxEvent.findMany({
      orderBy: { position: 'asc' },
      skip: before,
    });
    const quotes = rows.flatMap(
      ({ body }) => (JSON.parse(body) as Envelope<QuoteChangedV1>).payload.quotes,
    );
    told.push(
      quotes
        .map(({ assetId, source }) => ({ symbol: symbolOf.get(assetId) ?? '', source }))
        .sort((a, b) => (a.symbol < b.symbol ? -1 : 1)),
    );
    clock.advance(intervalMs);
  }
  return told;
}

const by = (source: string, ...symbols: readonly string[]): Told[] =>
  symbols.map((symbol) => ({ symbol, source }));

test('quotes flow on while the first source is down, and it is back at once', async () => {
  const clock = createVirtualClock(noon);
  const { mood, between } = aFirstSource();
  const { worker, deps } = place.start({ clock, between });
  await worker.applyBatch(['A', 'B'].map((symbol) => assetUpdated(randomUUID(), { symbol })));
  expect(await rounds(deps, clock, 1)).toEqual([by('simulated', 'A', 'B')]);

  mood.isDown = true;
  const silentRounds = firstSilentMsMax / intervalMs;
  const down = await rounds(deps, clock, silentRounds + 3);
  // By the clock: silent for less than the bound is silence, from the bound on the second speaks.
  expect(down.slice(0, silentRounds)).toEqual(Array.from({ length: silentRounds }, () => []));
  expect(down.slice(silentRounds)).toEqual([1, 2, 3].map(() => by('second-quotes', 'A', 'B')));

  mood.isDown = false;
  clock.advance(60_000); // its circuit tries again
  expect(await rounds(deps, clock, 2)).toEqual([1, 2].map(() => by('simulated', 'A', 'B')));
});

test('each asset is taken over alone: the others stay with the first source', async () => {
  const clock = createVirtualClock(noon);
  const { mood, between } = aFirstSource();
  const { worker, deps } = place.start({ clock, between });
  await worker.applyBatch(['A', 'B'].map((symbol) => assetUpdated(randomUUID(), { symbol })));
  await rounds(deps, clock, 1);
  mood.silent.add('B');
  const told = await rounds(deps, clock, firstSilentMsMax / intervalMs + 1);
  expect(told[0]).toEqual(by('simulated', 'A'));
  expect(told.at(-1)).toEqual([...by('simulated', 'A'), ...by('second-quotes', 'B')]);
  mood.silent.clear();
  expect(await rounds(deps, clock, 1)).toEqual([by('simulated', 'A', 'B')]);
});

test('a crossed quote is counted and not taken; the second source takes over', async () => {
  const clock = createVirtualClock(noon);
  const { mood, between } = aFirstSource();
  const { worker, deps } = place.start({ clock, between });
  const warnings: unknown[] = [];
  const log = { ...deps.log, warn: (fields: unknown) => warnings.push(fields) };
  const watched = { ...deps, log: log as unknown as Deps['log'] };
  await worker.applyBatch([assetUpdated(randomUUID(), { symbol: 'A' })]);
  const before = await notTaken();
  mood.crossed.add('A');
  const told = await rounds(watched, clock, firstSilentMsMax / intervalMs + 1);
  expect(told.slice(0, -1).flat()).toEqual([]);
  expect(told.at(-1)).toEqual(by('second-quotes', 'A'));
  expect((await notTaken()) - before).toBe(told.length);
  expect(warnings).toEqual([{ error_code: 'QUOTE_CROSSED', source: 'simulated', symbol: 'A' }]);
});

async function notTaken(): Promise<number> {
  const text = await metrics.metrics();
  const [, count = '0'] =
    /simplebank_not_taken_total\{service="market",what="crossed_quote"\} (\d+)/.exec(text) ?? [];
  return Number(count);
}

test('assets that nobody quotes do not keep the others from their turn', async () => {
  const clock = createVirtualClock(noon);
  const { mood, between } = aFirstSource();
  const { worker, deps } = place.start({ clock, between });
  const mute = Array.from({ length: 45 }, (_, nth) => `M${nth}`);
  // Of those that wait equally long the lowest id comes first.
  const first = (digit: string) => `${digit}${randomUUID().slice(1)}`;
  await worker.applyBatch([
    ...mute.map((symbol) => assetUpdated(first('0'), { symbol })),
    ...['A', 'B'].map((symbol) => assetUpdated(first('f'), { symbol })),
  ]);
  await rounds(deps, clock, 1);
  for (const symbol of mute) mood.silent.add(symbol);
  const told = await rounds({ ...deps, secondQuotes: null }, clock, 3);
  expect(new Set(told.flat().map(({ symbol }) => symbol))).toEqual(new Set(['A', 'B']));
});

test('the second source has a deadline and a circuit of its own', async () => {
  const clock = createVirtualClock(noon);
  const { log } = place.start({ clock }).deps;
  let calls = 0;
  const source = guardedSource(
    async () => {
      calls += 1;
      throw new Error('down');
    },
    { clock, log },
  );
  for (let call = 0; call < 7; call += 1) await source.quotes(['A']).catch(() => {});
  expect([calls, source.isReachable()]).toEqual([5, false]);
  clock.advance(30_000);
  expect(source.isReachable()).toBe(true);
});

test('a quote says how much stands behind it, and who quoted it', async () => {
  const clock = createVirtualClock(noon);
  const { worker, deps } = place.start({ clock });
  await worker.applyBatch([assetUpdated(randomUUID(), { symbol: 'A' })]);
  await publishQuotes(deps, { since: clock.now(), intervalMs });
  const [row] = await place.admin.outboxEvent.findMany();
  const [quote] = (JSON.parse(row?.body ?? '') as Envelope<QuoteChangedV1>).payload.quotes;
  expect(quote?.source).toBe('simulated');
  for (const size of [quote?.bidSize, quote?.askSize]) {
    expect(new Decimal(size ?? 0).mod(100).isZero() && size !== '0').toBe(true);
  }
});

test('a second source behind HTTP needs its key', () => {
  const env = {
    MARKET_DATABASE_URL: 'postgresql://localhost/market',
    VENUE_DATABASE_URL: 'postgresql://localhost/venue',
    MARKET_QUOTES_URL: 'http://localhost:1',
  };
  expect(() => loadConfig(env)).toThrow('MARKET_QUOTES_KEY');
});
