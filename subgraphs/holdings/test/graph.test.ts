import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Bench, nobody, now, openBench, viewerOf } from './bench.ts';
import { anOrder, created, filled, listed, opened, quoted } from './builders.ts';

const alice = randomUUID();
const bob = randomUUID();
const accountId = randomUUID();
const bobsAccountId = randomUUID();
const [first = '', second = '', third = ''] = [randomUUID(), randomUUID(), randomUUID()].sort();

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
  await bench.deliver(
    opened({ accountId, number: '101', ownerIds: [alice] }),
    opened({ accountId: bobsAccountId, number: '102', ownerIds: [bob] }),
    listed(first, 'OLD'),
    listed(first, 'BBB', 3),
    listed(first, 'MID', 2),
    listed(second, 'AAA'),
    quoted(first, '12.505', 2),
    quoted(first, '99', 1),
  );
  const buys = [first, second, third].map((assetId) =>
    anOrder({ accountId, assetId, side: 'BUY' }),
  );
  await bench.deliver(
    ...buys.map((buy) => filled(buy, { quantity: '3', value: '30.01', fee: '1', nth: 1 })),
  );
  const sale = anOrder({ accountId, assetId: first, side: 'SELL' });
  await bench.deliver(created(sale, '1'));
});
afterAll(() => bench.close());

const fields = `symbol name quantity reserved available price value { amount currency }
  cost { amount currency } averagePrice unrealizedGain { amount } asOf isStale asset { id }`;
const entities = (selection: string) => `query ($r: [_Any!]!) {
  _entities(representations: $r) { ... on Account { ${selection} } } }`;
const keys = (...ids: readonly string[]) => ({
  r: ids.map((id) => ({ __typename: 'Account', id })),
});

const usd = (amount: string) => ({ amount, currency: 'USD' });
const unpriced = {
  name: null,
  symbol: null,
  quantity: '3',
  reserved: '0',
  available: '3',
  price: null,
  value: null,
  cost: usd('30.01'),
  averagePrice: '10.003333',
  unrealizedGain: null,
  asOf: null,
  isStale: true,
};

test('an account shows its holdings by symbol; what has no price has no value', async () => {
  const [account] = await bench.read<object[]>(
    viewerOf(alice),
    entities(`currentHoldings { ${fields} }`),
    keys(accountId),
  );
  expect(account).toEqual({
    currentHoldings: [
      { ...unpriced, asset: { id: third } },
      { ...unpriced, symbol: 'AAA', name: 'AAA Inc.', asset: { id: second } },
      {
        ...unpriced,
        symbol: 'BBB',
        name: 'BBB Inc.',
        asset: { id: first },
        reserved: '1',
        available: '2',
        price: '12.505',
        value: usd('37.52'),
        unrealizedGain: { amount: '7.51' },
        asOf: now.toISOString(),
        isStale: false,
      },
    ],
  });
});

describe('who sees what', () => {
  const text = entities('id currentHoldings { symbol }');

  test("another customer's account is empty, as an unknown one is", async () => {
    const fresh = randomUUID();
    const answer = await bench.read(viewerOf(bob), text, keys(accountId, bobsAccountId, fresh));
    expect(answer).toEqual([
      { id: accountId, currentHoldings: [] },
      { id: bobsAccountId, currentHoldings: [] },
      { id: fresh, currentHoldings: [] },
    ]);
  });

  test('staff see every account, a stranger sees none', async () => {
    const staff = await bench.read<{ currentHoldings: object[] }[]>(
      viewerOf(randomUUID(), 'support'),
      text,
      keys(accountId),
    );
    expect(staff[0]?.currentHoldings).toHaveLength(3);
    expect(await bench.read(nobody, text, keys(accountId))).toEqual([null]);
  });

  test('holdings lists the own accounts, or one of them by UUID or number', async () => {
    const query = 'query ($id: ID) { holdings(accountId: $id) { accountId symbol } }';
    const all = await bench.read(viewerOf(alice), query);
    expect(all).toEqual([
      { accountId, symbol: null },
      { accountId, symbol: 'AAA' },
      { accountId, symbol: 'BBB' },
    ]);
    expect(await bench.read(viewerOf(alice), query, { id: '101' })).toEqual(all);
    expect(await bench.read(viewerOf(bob), query)).toEqual([]);
    for (const id of [accountId, '101', randomUUID(), 'nonsense']) {
      const { errors } = await bench.ask(viewerOf(bob), query, { id });
      expect(errors[0]?.extensions).toEqual({ code: 'NOT_FOUND', field: 'accountId' });
    }
    const { errors } = await bench.ask(nobody, query);
    expect(errors[0]?.extensions).toEqual({ code: 'UNAUTHENTICATED' });
  });
});

describe('pages', () => {
  const page = (args: string) =>
    entities(`holdingsPage${args} {
      edges { cursor node { symbol } } nodes { symbol } pageInfo { hasNextPage endCursor } }`);
  type Page = {
    edges: { cursor: string; node: { symbol: string | null } }[];
    nodes: { symbol: string | null }[];
    pageInfo: { hasNextPage: boolean; endCursor: string };
  };
  const read = async (args: string) => {
    const [account] = await bench.read<{ holdingsPage: Page }[]>(
      viewerOf(alice),
      page(args),
      keys(accountId),
    );
    if (!account) throw new Error('no account');
    const { edges, nodes, pageInfo } = account.holdingsPage;
    expect(nodes).toEqual(edges.map(({ node }) => node));
    expect(pageInfo.endCursor).toBe(edges.at(-1)?.cursor);
    return { symbols: edges.map(({ node }) => node.symbol), ...pageInfo };
  };

  test('follow each other without gap or repeat', async () => {
    const one = await read('(first: 2)');
    expect(one).toMatchObject({ symbols: [null, 'AAA'], hasNextPage: true });
    const two = await read(`(first: 2, after: "${one.endCursor}")`);
    expect(two).toMatchObject({ symbols: ['BBB'], hasNextPage: false });
  });

  test.each([
    ['(first: 0)', 'first'],
    ['(first: 101)', 'first'],
    ['(after: "x")', 'after'],
    ['(after: "WzEsMl0")', 'after'],
  ])('refuse %s by the name of %s, and cost only the page', async (args, field) => {
    const { data, errors } = await bench.ask(viewerOf(alice), page(args), keys(accountId));
    expect(errors[0]?.extensions).toEqual({ code: 'BAD_INPUT', field });
    expect(data).toEqual({ _entities: [{ holdingsPage: null }] });
  });
});

test('an account that is not known here yet shows nothing, though it holds something', async () => {
  const unknown = randomUUID();
  const buy = anOrder({ accountId: unknown, assetId: first, side: 'BUY' });
  await bench.deliver(filled(buy, { quantity: '3', value: '30', nth: 1 }));
  const text = entities('id currentHoldings { quantity } holdingsPage { nodes { quantity } }');
  expect(await bench.read(viewerOf(alice), text, keys(unknown))).toEqual([
    { id: unknown, currentHoldings: [], holdingsPage: { nodes: [] } },
  ]);
});

test('a caller that is no person has no holdings', async () => {
  const service = viewerOf('orders', 'service');
  expect(await bench.read(service, '{ holdings { quantity } }')).toEqual([]);
});

test('a hundred accounts cost two statements', async () => {
  const { db } = bench.app.deps;
  const raw = vi.spyOn(db, '$queryRaw');
  const accounts = vi.spyOn(db.account, 'findMany');
  const many = Array.from({ length: 100 }, () => randomUUID());
  const text = entities('currentHoldings { symbol asset { id } }');
  const answer = await bench.read<object[]>(viewerOf(alice), text, keys(accountId, ...many));
  expect(answer).toHaveLength(101);
  expect([raw.mock.calls.length, accounts.mock.calls.length]).toEqual([1, 1]);
  vi.restoreAllMocks();
});
