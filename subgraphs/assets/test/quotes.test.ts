import { randomUUID } from 'node:crypto';
import { QuoteChangedV1 } from '@simplebank/contracts/market';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Bench, nobody, now, openBench } from './bench.ts';
import { company, staffAt } from './staff.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());
beforeEach(() => staffAt(bench).clear());

describe('quotes', () => {
  const quote = (assetId: string, sequence: number, last: string) => ({
    assetId,
    bid: last,
    ask: last,
    last,
    sequence,
    at: now.toISOString(),
  });
  const changed = (aggregateVersion: number, ...quotes: readonly object[]) => ({
    eventId: randomUUID(),
    type: QuoteChangedV1.name,
    aggregateId: 'quotes',
    aggregateVersion,
    occurredAt: now.toISOString(),
    correlationId: 'test',
    causationId: null,
    traceparent: null,
    payload: { quotes },
  });

  async function anAsset(): Promise<string> {
    await staffAt(bench).register(company('ABC'));
    const asset = await bench.read<{ id: string }>(nobody, '{ asset(id: "ABC") { id } }');
    return asset.id;
  }

  test('of several assets are one read, each once, and unknown ones are left out', async () => {
    const id = await anAsset();
    await bench.deliver(changed(1, quote(id, 1, '10.01')));
    const text = `query ($assetIds: [ID!]!) { assetsNamed(assetIds: $assetIds) { symbol price } }`;
    const named = async (...assetIds: string[]) => bench.ask(nobody, text, { assetIds });
    const { data } = await named('abc', 'NONE', randomUUID(), id, '?');
    expect(data?.['assetsNamed']).toEqual([{ symbol: 'ABC', price: '10.01' }]);
    for (const wrong of [[], Array.from({ length: 51 }, () => 'ABC')]) {
      const { errors } = await named(...wrong);
      expect(errors?.[0]).toMatchObject({ extensions: { code: 'BAD_INPUT', field: 'assetIds' } });
    }
  });

  test('the highest sequence wins in any order, and each event is published once', async () => {
    const id = await anAsset();
    const events = [1, 2, 3].map((n) => changed(n, quote(id, n, `10.0${n}`)));
    const [one, two, three] = events;
    if (!one || !two || !three) throw new Error('three events');
    await bench.deliver(three, one, three);
    await bench.deliver(two, one);
    const { data } = await bench.ask(
      nobody,
      '{ asset(id: "ABC") { price quote { bid ask last at isStale } } }',
    );
    expect(data?.['asset']).toEqual({
      price: '10.03',
      quote: { bid: '10.03', ask: '10.03', last: '10.03', at: now.toISOString(), isStale: false },
    });
    const published = (await staffAt(bench).outbox()).filter(
      ({ type }) => type === 'assets.quote-published.v1',
    );
    // One that is stuck at a reader must not hold up those after it.
    expect(new Set(published.map((e) => e.aggregateId)).size).toBe(3);
  });

  test('a crossed quote is not taken and does not stop the others', async () => {
    const id = await anAsset();
    const other = randomUUID();
    await bench.deliver(changed(1, { ...quote(id, 1, '5'), bid: '6' }, quote(other, 1, '7')));
    const { data } = await bench.ask(nobody, '{ asset(id: "ABC") { price quote { bid } } }');
    expect(data?.['asset']).toEqual({ price: null, quote: null });
    const [published] = (await staffAt(bench).outbox()).filter(
      (e) => e.type === 'assets.quote-published.v1',
    );
    expect(published?.payload.quotes.map((q: { assetId: string }) => q.assetId)).toEqual([other]);
  });

  test('references from other subgraphs are loaded together, unknown ids are null', async () => {
    const id = await anAsset();
    const { data } = await bench.ask(
      nobody,
      `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Asset { symbol price } } }`,
      { r: [id, randomUUID(), 'no id', id].map((key) => ({ __typename: 'Asset', id: key })) },
    );
    const known = { symbol: 'ABC', price: null };
    expect(data?.['_entities']).toEqual([known, null, null, known]);
  });
});

test('the clock tells the hours of the exchange, or that the venue never closes', async () => {
  const text = '{ marketClock { isOpen nextOpen nextClose calendar } }';
  expect((await bench.ask(nobody, text)).data?.['marketClock']).toEqual({
    isOpen: true,
    nextOpen: '2026-11-24T14:30:00.000Z',
    nextClose: '2026-11-23T21:00:00.000Z',
    calendar: 'NYSE',
  });
  const always = await openBench({ MARKET_CALENDAR: 'always' });
  expect((await always.ask(nobody, text)).data?.['marketClock']).toEqual({
    isOpen: true,
    nextOpen: null,
    nextClose: null,
    calendar: 'ALWAYS',
  });
  await always.close();
});
