import { randomUUID } from 'node:crypto';
import { metrics } from '@simplebank/chassis/metrics';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Bench, now, openBench, viewerOf } from './bench.ts';
import { anOrder, filled, listed, opened, quoted } from './builders.ts';

const customerId = randomUUID();
const [accountId, assetId] = [randomUUID(), randomUUID()];
const fiveMinutesMs = 5 * 60_000;
const fifteenMinutesMs = 15 * 60_000;

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
  const buy = anOrder({ accountId, assetId, side: 'BUY' });
  await bench.deliver(
    opened({ accountId, number: '101', ownerIds: [customerId] }),
    listed(assetId, 'AAA'),
    quoted(assetId, '10', 1),
    filled(buy, { quantity: '3', value: '27', fee: '1', nth: 1 }),
  );
});
afterAll(() => bench.close());

const query = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Account {
  currentHoldings { quantity price asOf isStale value { amount } unrealizedGain { amount }
    lots(first: 1) { edges { node { value { amount } asOf isStale } } } } } } }`;

/** Answers that were given by the fallback. */
async function fallbacks(): Promise<number> {
  const counter = await metrics.getSingleMetric('simplebank_fallback_total')?.get();
  const own = counter?.values.find(
    ({ labels }) => labels['service'] === 'holdings' && labels['kind'] === 'quantities_only',
  );
  if (!own) throw new Error('nothing is counted');
  return own.value;
}

/** The price feed has been silent for so long. */
async function silentFor(ms: number) {
  const at = new Date(now.getTime() - ms).toISOString();
  await bench.sql.query('UPDATE price SET at = $1', [at]);
  const variables = { r: [{ __typename: 'Account', id: accountId }] };
  const { data, extensions } = await bench.ask(viewerOf(customerId), query, variables);
  type Seen = readonly [{ readonly currentHoldings: readonly object[] }];
  const [account] = (data?.['_entities'] ?? []) as unknown as Seen;
  return { holding: account.currentHoldings[0], extensions, at };
}

test('a price of the last 5 minutes values a holding; after it the quantity is left', async () => {
  const { holding, extensions } = await silentFor(fiveMinutesMs);
  const lots = (value: object | null) => ({
    edges: [{ node: expect.objectContaining({ value }) }],
  });
  const known = { quantity: '3', price: '10' };
  expect(holding).toMatchObject({ ...known, value: { amount: '30.00' } });
  expect(holding).toMatchObject({ lots: lots({ amount: '30.00' }) });
  expect(extensions).toBeUndefined();
  const before = await fallbacks();

  const stopped = await silentFor(fiveMinutesMs + 1);
  expect(stopped.holding).toEqual({
    ...{ ...known, asOf: stopped.at, isStale: false, value: null, unrealizedGain: null },
    lots: lots(null),
  });
  const mark = { dependency: 'assets', kind: 'quantities_only', asOf: stopped.at, stale: true };
  expect(stopped.extensions).toEqual({ degraded: [mark] });
  expect(await fallbacks()).toBe(before + 1);
});

test('a price older than 15 minutes is called stale wherever it is shown', async () => {
  const marks = { price: '10', isStale: false };
  const lots = (isStale: boolean, asOf: string) => [{ node: { isStale, asOf } }];
  const before = await silentFor(fifteenMinutesMs);
  expect(before.holding).toMatchObject({
    ...{ ...marks, asOf: before.at },
    lots: { edges: lots(false, before.at) },
  });
  const after = await silentFor(fifteenMinutesMs + 1);
  expect(after.holding).toMatchObject({
    ...{ ...marks, asOf: after.at, isStale: true },
    lots: { edges: lots(true, after.at) },
  });
});
