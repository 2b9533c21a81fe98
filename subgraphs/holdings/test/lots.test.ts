import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type Bench, now, openBench, viewerOf } from './bench.ts';
import { anOrder, created, filled, listed, opened, quoted, split } from './builders.ts';

const alice = randomUUID();
const bob = randomUUID();
const accountId = randomUUID();
const [apple = '', other = ''] = [randomUUID(), randomUUID()].sort();

/** The ex-date of a split that makes the prices of today those of other shares. */
const tomorrow = new Date(now.getTime() + 86_400_000).toISOString().slice(0, 10);

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
  await bench.deliver(
    opened({ accountId, number: '101', ownerIds: [alice] }),
    listed(apple, 'AAPL'),
    listed(other, 'ZZZ'),
  );
  const trade = async (side: 'BUY' | 'SELL', assetId: string, terms: string) => {
    const [day, quantity = '', value = '', fee = ''] = terms.split(' ');
    const order = anOrder({ accountId, assetId, side });
    const at = new Date(`${day}T15:00:00.000Z`);
    const executionId = `${side} ${day}`;
    await bench.deliver(
      created(order, quantity),
      filled(order, { quantity, value, fee, nth: 1, at, executionId }),
    );
  };
  await trade('BUY', apple, '2024-02-29 10 1000 1');
  await trade('BUY', apple, '2025-06-02 10 1200 1');
  await trade('BUY', other, '2026-01-05 3 30 0');
  await trade('SELL', apple, '2025-12-30 4 600 0.40');
  await trade('SELL', apple, '2026-03-02 8 1300 0.80');
  await bench.deliver(split(apple, '2026-06-01', '4/1'), quoted(apple, '45', 1));
});
afterAll(() => bench.close());

const entities = (selection: string) => `query ($r: [_Any!]!) {
  _entities(representations: $r) { ... on Account { ${selection} } } }`;
const keys = (...ids: readonly string[]) => ({
  r: ids.map((id) => ({ __typename: 'Account', id })),
});
async function read<T>(selection: string, viewer = viewerOf(alice)): Promise<T> {
  const [account] = await bench.read<Record<string, T>[]>(
    viewer,
    entities(selection),
    keys(accountId),
  );
  return account as T;
}
type Page = {
  nodes: Record<string, unknown>[];
  pageInfo: { hasNextPage: boolean; endCursor: string };
};
const lotText = `nodes { executionId symbol acquiredOn longTermFrom quantity splitChange remaining
  cost { amount } remainingCost { amount } remainingFee { amount } value { amount }
  unrealizedGain { amount } } pageInfo { hasNextPage endCursor }`;

test('open lots are shown oldest first, on the basis after a split, with the rest', async () => {
  const { lots } = await read<{ lots: Page }>(`lots { ${lotText} }`);
  expect(lots.nodes).toEqual([
    {
      ...{ executionId: 'BUY 2025-06-02', symbol: 'AAPL', acquiredOn: '2025-06-02' },
      ...{ longTermFrom: '2026-06-03', quantity: '10', splitChange: '24', remaining: '32' },
      ...{ cost: { amount: '1200.00' }, remainingCost: { amount: '960.00' } },
      ...{ remainingFee: { amount: '0.80' }, value: { amount: '1440.00' } },
      unrealizedGain: { amount: '480.00' },
    },
    {
      ...{ executionId: 'BUY 2026-01-05', symbol: 'ZZZ', acquiredOn: '2026-01-05' },
      ...{ longTermFrom: '2027-01-06', quantity: '3', splitChange: '0', remaining: '3' },
      ...{ cost: { amount: '30.00' }, remainingCost: { amount: '30.00' } },
      ...{ remainingFee: { amount: '0.00' }, value: null, unrealizedGain: null },
    },
  ]);
});

test('closed lots, those of one asset, and pages of all follow the filter', async () => {
  const names = async (args: string) => {
    const { lots } = await read<{ lots: Page }>(`lots${args} { ${lotText} }`);
    return { ...lots.pageInfo, names: lots.nodes.map(({ executionId }) => executionId) };
  };
  expect((await names('(filter: { state: CLOSED })')).names).toEqual(['BUY 2024-02-29']);
  expect((await names(`(filter: { assetId: "${other}" })`)).names).toEqual(['BUY 2026-01-05']);
  const first = await names('(first: 2, filter: { state: null })');
  expect(first).toMatchObject({ names: ['BUY 2024-02-29', 'BUY 2025-06-02'], hasNextPage: true });
  const rest = await names(`(first: 2, after: "${first.endCursor}", filter: { state: null })`);
  expect(rest).toMatchObject({ names: ['BUY 2026-01-05'], hasNextPage: false });
  const { holdingsPage } = await read<{ holdingsPage: { nodes: { lots: Page }[] } }>(
    `holdingsPage { nodes { lots(state: CLOSED) { nodes { executionId } } } }`,
  );
  expect(holdingsPage.nodes.map(({ lots }) => lots.nodes)).toEqual([
    [{ executionId: 'BUY 2024-02-29' }],
    [],
  ]);
});

test('realised gains are told by match, newest first, and summed by year and term', async () => {
  const text = `nodes { soldOn acquiredOn quantity proceeds { amount } cost { amount }
      buyFee { amount } saleFee { amount } grossGain { amount } netGain { amount } term }
    totals { year term sales proceeds { amount } fees { amount } netGain { amount } }
    pageInfo { hasNextPage endCursor }`;
  type Gains = Page & { totals: object[] };
  const { realizedGains } = await read<{ realizedGains: Gains }>(`realizedGains { ${text} }`);
  expect(
    realizedGains.nodes.map((gain) => [gain['soldOn'], gain['quantity'], gain['term']]),
  ).toEqual(
    expect.arrayContaining([
      ['2026-03-02', '6', 'LONG'],
      ['2026-03-02', '2', 'SHORT'],
      ['2025-12-30', '4', 'LONG'],
    ]),
  );
  expect(realizedGains.nodes.find(({ quantity }) => quantity === '2')).toMatchObject({
    ...{ proceeds: { amount: '325.00' }, cost: { amount: '240.00' }, saleFee: { amount: '0.20' } },
    ...{ grossGain: { amount: '85.00' }, buyFee: { amount: '0.20' }, netGain: { amount: '84.60' } },
  });
  expect(realizedGains.totals).toEqual([
    {
      ...{ year: 2025, term: 'LONG', sales: 1, proceeds: { amount: '600.00' } },
      ...{ fees: { amount: '0.80' }, netGain: { amount: '199.20' } },
    },
    {
      ...{ year: 2026, term: 'LONG', sales: 1, proceeds: { amount: '975.00' } },
      ...{ fees: { amount: '1.20' }, netGain: { amount: '373.80' } },
    },
    {
      ...{ year: 2026, term: 'SHORT', sales: 1, proceeds: { amount: '325.00' } },
      ...{ fees: { amount: '0.40' }, netGain: { amount: '84.60' } },
    },
  ]);
  const some = await read<{ realizedGains: Gains }>(
    `realizedGains(from: "2026-03-02", to: "2026-03-02", assetId: "${apple}", first: 1) {
       ${text} }`,
  );
  expect(some.realizedGains).toMatchObject({ pageInfo: { hasNextPage: true } });
  expect(some.realizedGains.totals).toHaveLength(2);
  const next = await read<{ realizedGains: Gains }>(
    `realizedGains(from: "2026-03-02", after: "${some.realizedGains.pageInfo.endCursor}") {
       ${text} }`,
  );
  expect([...some.realizedGains.nodes, ...next.realizedGains.nodes]).toHaveLength(2);
});

test('sums and pages say that something has no price; quantities answer all the same', async () => {
  const both = `holdingsTotal { value { amount } cost { amount } positions degraded asOf }
    holdingsPage { degraded nodes { symbol quantity value { amount } } }`;
  expect(await read(both)).toEqual({
    holdingsTotal: {
      ...{ value: null, cost: { amount: '990.00' }, positions: 2, degraded: true },
      asOf: expect.any(String),
    },
    holdingsPage: {
      degraded: true,
      nodes: [
        { symbol: 'AAPL', quantity: '32', value: { amount: '1440.00' } },
        { symbol: 'ZZZ', quantity: '3', value: null },
      ],
    },
  });
  await bench.deliver(quoted(other, '10.005', 2));
  expect(await read(both)).toMatchObject({
    holdingsTotal: { value: { amount: '1470.02' }, degraded: false },
    holdingsPage: { degraded: false },
  });
});

test.each([
  ['lots(first: 101) { nodes { id } }', 'first'],
  ['lots(after: "WzEsMl0") { nodes { id } }', 'after'],
  ['lots(filter: { assetId: "AAPL" }) { nodes { id } }', 'filter.assetId'],
  ['realizedGains(assetId: "AAPL") { nodes { id } }', 'assetId'],
  ['realizedGains(from: "2026-03-02", to: "2026-03-01") { nodes { id } }', 'to'],
])('refuse %s by the name of %s, and cost only the list', async (selection, field) => {
  const { data, errors } = await bench.ask(viewerOf(alice), entities(selection), keys(accountId));
  expect(errors[0]?.extensions).toMatchObject({ code: 'BAD_INPUT', field });
  expect(data).toEqual({ _entities: [{ [selection.split('(')[0] ?? '']: null }] });
});

test('a price of before a split is shown, and values are, on the basis after it', async () => {
  const [id, assetId] = [randomUUID(), randomUUID()];
  const order = anOrder({ accountId: id, assetId, side: 'BUY' });
  await bench.deliver(
    opened({ accountId: id, number: '301', ownerIds: [alice] }),
    filled(order, { quantity: '0.5', value: '30', nth: 1, at: new Date('2026-01-05T15:00:00Z') }),
    quoted(assetId, '10.01', 1),
    split(assetId, tomorrow, '7/1'),
  );
  const text = `holdingsPage { nodes { quantity price value { amount } unrealizedGain { amount } } }
    holdingsTotal { value { amount } } lots { nodes { value { amount } } }
    allocation(by: ASSET) { total { amount } }`;
  const tell = async () => {
    const [account] = await bench.read<object[]>(viewerOf(alice), entities(text), keys(id));
    return account;
  };
  const value = { amount: '5.01' };
  expect(await tell()).toMatchObject({
    holdingsPage: {
      nodes: [{ quantity: '3.5', price: '1.43', value, unrealizedGain: { amount: '-24.99' } }],
    },
    holdingsTotal: { value },
    lots: { nodes: [{ value }] },
    allocation: { total: { amount: '-24.99' } },
  });
  // Around the clock a split begins at the close before its ex-date: this is of its new shares.
  const { payload, ...event } = quoted(assetId, '1.50', 2);
  const at = new Date(now.getTime() + 1_000).toISOString();
  const quotes = payload.quotes.map((quote) => ({ ...quote, at }));
  await bench.deliver({ ...event, payload: { quotes } });
  const later = { amount: '5.25' };
  expect(await tell()).toMatchObject({
    holdingsPage: { nodes: [{ price: '1.5', value: later }] },
    holdingsTotal: { value: later },
    lots: { nodes: [{ value: later }] },
    allocation: { total: { amount: '-24.75' } },
  });
});

test("another customer's lots, gains and sums are null", async () => {
  const text = 'lots { nodes { id } } realizedGains { nodes { id } } holdingsTotal { positions }';
  expect(await read(text, viewerOf(bob))).toEqual({
    lots: null,
    realizedGains: null,
    holdingsTotal: null,
  });
});

test('a hundred accounts with holdings, lots, gains and sums cost seven statements', async () => {
  const { db } = bench.app.deps;
  const many = Array.from({ length: 100 }, () => randomUUID());
  await bench.deliver(
    ...many.map((id, nth) =>
      opened({ accountId: id, number: String(500 + nth), ownerIds: [alice] }),
    ),
  );
  await bench.deliver(
    ...many.map((id) => {
      const buy = anOrder({ accountId: id, assetId: apple, side: 'BUY' });
      return filled(buy, { quantity: '1', value: '45', nth: 1 });
    }),
  );
  const raw = vi.spyOn(db, '$queryRaw');
  const accounts = vi.spyOn(db.account, 'findMany');
  const text = entities(`currentHoldings { symbol asset { id } lots { nodes { remaining } } }
    lots { nodes { id } } holdingsTotal { value { amount } }
    realizedGains { nodes { id } totals { year } }`);
  const answer = await bench.read<{ currentHoldings: { lots: Page }[] }[]>(
    viewerOf(alice),
    text,
    keys(accountId, ...many),
  );
  expect(answer).toHaveLength(101);
  expect(answer.at(-1)?.currentHoldings[0]?.lots.nodes).toEqual([{ remaining: '1' }]);
  expect(raw.mock.calls.length + accounts.mock.calls.length).toBe(7);
  vi.restoreAllMocks();
});
