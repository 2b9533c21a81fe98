import { randomUUID } from 'node:crypto';
import { QuoteChangedV1 } from '@simplebank/contracts/market';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Bench, nobody, now, openBench } from './bench.ts';
import { company, staffAt } from './staff.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
  await staffAt(bench).register(company('CCC'), company('AAA'), company('BBB'));
  const { id: assetId } = await bench.read<{ id: string }>(nobody, '{ asset(id: "BBB") { id } }');
  const quote = { assetId, bid: '9.99', ask: '10.01', last: '10.00', sequence: 1 };
  await bench.deliver({
    eventId: randomUUID(),
    type: QuoteChangedV1.name,
    aggregateId: 'quotes',
    aggregateVersion: 1,
    occurredAt: now.toISOString(),
    correlationId: 'test',
    causationId: null,
    traceparent: null,
    payload: { quotes: [{ ...quote, at: now.toISOString() }] },
  });
});
afterAll(() => bench.close());

const text = `query ($symbols: [String!]) {
  prices(symbols: $symbols) { symbol price quote { at isStale } } }`;
const prices = async (symbols: readonly string[] | null) => {
  const { data, errors } = await bench.ask(nobody, text, { symbols });
  return errors?.[0]?.extensions ?? data?.['prices'];
};
const unpriced = (symbol: string) => ({ symbol, price: null, quote: null });
const priced = {
  symbol: 'BBB',
  price: '10',
  quote: { at: now.toISOString(), isStale: false },
};

test('prices come by symbol, in any case and once each; unknown symbols are left out', async () => {
  expect(await prices(null)).toEqual([unpriced('AAA'), priced, unpriced('CCC')]);
  expect(await prices(['ccc', 'BBB', 'bbb', 'NONE', "'; --"])).toEqual([priced, unpriced('CCC')]);
  expect(await prices([])).toEqual([]);
});

test('more than 100 symbols at once are refused by name', async () => {
  const many = Array.from({ length: 101 }, (_, n) => `S${n}`);
  expect(await prices(many)).toEqual({ code: 'BAD_INPUT', field: 'symbols' });
});
