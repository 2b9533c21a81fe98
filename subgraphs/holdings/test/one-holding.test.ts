import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Bench, nobody, openBench, viewerOf } from './bench.ts';
import { anOrder, filled, listed, opened } from './builders.ts';

const alice = randomUUID();
const bob = randomUUID();
const accountId = randomUUID();
const bobsAccountId = randomUUID();
const held = randomUUID();
const other = randomUUID();

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
  await bench.deliver(
    opened({ accountId, number: '101', ownerIds: [alice] }),
    opened({ accountId: bobsAccountId, number: '102', ownerIds: [bob] }),
    listed(held, 'AAA'),
    listed(other, 'BBB'),
  );
  const buy = anOrder({ accountId, assetId: held, side: 'BUY' });
  await bench.deliver(filled(buy, { quantity: '3', value: '30.01', fee: '1', nth: 1 }));
});
afterAll(() => bench.close());

const text = `query ($r: [_Any!]!, $asset: ID!) {
  _entities(representations: $r) {
    ... on Account { holding(assetId: $asset) { symbol quantity accountNumber } } } }`;
async function holdings(asset: string, viewer = viewerOf(alice)) {
  const r = [accountId, bobsAccountId].map((id) => ({ __typename: 'Account', id }));
  const { data, errors } = await bench.ask(viewer, text, { r, asset });
  const accounts = data?.['_entities'] as readonly ({ holding: object | null } | null)[];
  return errors?.[0]?.extensions ?? accounts.map((account) => account?.holding ?? null);
}
const three = { symbol: 'AAA', quantity: '3', accountNumber: '101' };

test('one position is found by the UUID or the symbol of its asset, in any case', async () => {
  for (const name of [held, held.toUpperCase(), 'AAA', 'aaa']) {
    expect(await holdings(name)).toEqual([three, null]);
  }
});

test('what is not held or not known is null, and nothing is anybody else’s to see', async () => {
  for (const name of [other, 'BBB', 'NONE', "' OR 1=1"]) {
    expect(await holdings(name)).toEqual([null, null]);
  }
  expect(await holdings('AAA', viewerOf(bob))).toEqual([null, null]);
  expect(await holdings('AAA', nobody)).toEqual([null, null]);
});

test('a name that is too long for an asset is refused', async () => {
  expect(await holdings('A'.repeat(37))).toMatchObject({ code: 'BAD_INPUT', field: 'assetId' });
});

test('holdings tell the public number of their account', async () => {
  const { data } = await bench.ask(viewerOf(alice), '{ holdings { accountId accountNumber } }');
  expect(data?.['holdings']).toEqual([{ accountId, accountNumber: '101' }]);
});
