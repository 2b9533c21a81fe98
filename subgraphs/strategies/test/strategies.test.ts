import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { aSubgraph, assetUpdated, type Subgraph } from './builders.ts';

const abc = randomUUID();
const def = randomUUID();
const gone = randomUUID();
const halted = randomUUID();
const sellOnly = randomUUID();

let subgraph: Subgraph;
beforeAll(async () => {
  subgraph = await aSubgraph();
  await subgraph.worker.applyBatch([
    assetUpdated(abc, { symbol: 'ABC' }),
    assetUpdated(def, { symbol: 'DEF' }),
    assetUpdated(gone, { symbol: 'GONE', state: 'DELISTED' }),
    assetUpdated(halted, { symbol: 'HLT', state: 'HALTED' }),
    assetUpdated(sellOnly, { symbol: 'SELL', state: 'SELL_ONLY' }),
  ]);
});
afterAll(() => subgraph.close());

const fields = `id number name state version createdById createdAt
  assets { assetId asset { id } symbol name percentage }`;
const create = `mutation ($input: CreateStrategyInput!) {
  createStrategy(input: $input) {
    __typename
    ... on CreateStrategySuccess { strategy { ${fields} } }
    ... on CreateStrategyRefusal { code message }
  }
}`;
const publish = `mutation ($input: PublishVersionInput!) {
  publishVersion(input: $input) {
    __typename
    ... on PublishVersionSuccess { strategy { version assets { symbol percentage } } }
    ... on PublishVersionRefusal { code }
  }
}`;
const archive = `mutation ($input: ArchiveStrategyInput!) {
  archiveStrategy(input: $input) {
    __typename
    ... on ArchiveStrategySuccess { strategy { state } }
    ... on ArchiveStrategyRefusal { code }
  }
}`;

type Created = {
  createStrategy: { __typename: string; code?: string; strategy: { id: string; number: string } };
};

const staff = () => subgraph.client.asStaff('operations');
const halves = [
  { assetId: 'ABC', percentage: '50' },
  { assetId: 'DEF', percentage: '50.00' },
];
const createNamed = (name: string, given: object = {}) =>
  staff().ask<Created>(create, { input: { name, assets: halves, ...given } });

const eventsAbout = async (id: string) => {
  const rows = await subgraph.admin.outboxEvent.findMany({
    where: { aggregateId: id },
    orderBy: { aggregateVersion: 'asc' },
  });
  return rows.map(({ type, aggregateVersion, body }) => {
    return { type, version: aggregateVersion, payload: JSON.parse(body).payload };
  });
};

test('staff creates a strategy with its version 1, and whoever is signed in reads it', async () => {
  const assets = [
    { assetId: abc, percentage: '20.00' },
    { assetId: 'def', percentage: '70.50' },
    { assetId: 'CASH', percentage: '9.50' },
  ];
  const { createStrategy } = await createNamed('Growth', { assets });
  const { id } = createStrategy.strategy;
  const strategy = {
    ...{ id, number: createStrategy.strategy.number, name: 'Growth', state: 'ACTIVE', version: 1 },
    createdById: '00000000-0000-4000-8000-00000000000a',
    createdAt: '2026-01-30T17:00:00.000Z',
    assets: [
      { assetId: abc, asset: { id: abc }, symbol: 'ABC', name: 'Abc', percentage: '20' },
      { assetId: def, asset: { id: def }, symbol: 'DEF', name: 'Abc', percentage: '70.5' },
      {
        ...{ assetId: 'CASH', asset: null, symbol: 'CASH', name: 'Cash on the account' },
        percentage: '9.5',
      },
    ],
  };
  expect(createStrategy).toEqual({ __typename: 'CreateStrategySuccess', strategy });
  const customer = subgraph.client.asCustomer(randomUUID());
  for (const key of [id, createStrategy.strategy.number]) {
    const query = `query ($id: ID!) { strategy(id: $id) { ${fields} } }`;
    expect(await customer.ask(query, { id: key })).toEqual({ strategy });
  }
  expect(await eventsAbout(id)).toMatchObject([
    { type: 'strategies.strategy-created.v1', version: 1, payload: { version: 1 } },
  ]);
});

test.each([
  ['PERCENTAGES_NOT_100', ['50', '49.99']],
  ['PERCENTAGES_NOT_100', ['50', '50.01']],
  ['PERCENTAGE_PRECISION', ['50.001', '49.999']],
  ['PERCENTAGE_NOT_POSITIVE', ['0', '100']],
  ['PERCENTAGE_NOT_POSITIVE', ['-10', '110']],
])('%s: percentages %j are refused and leave nothing behind', async (code, [first, second]) => {
  const before = await subgraph.admin.outboxEvent.count();
  const assets = [
    { assetId: 'ABC', percentage: first },
    { assetId: 'DEF', percentage: second },
  ];
  const key = { idempotencyKey: randomUUID() };
  const { createStrategy } = await createNamed('Refused', { assets, ...key });
  expect(createStrategy).toMatchObject({ __typename: 'CreateStrategyRefusal', code });
  expect(await subgraph.admin.outboxEvent.count()).toBe(before);
  expect(await subgraph.admin.strategy.count({ where: { name: 'Refused' } })).toBe(0);
  expect(await subgraph.admin.commandKey.count({ where: { key: key.idempotencyKey } })).toBe(0);
});

test.each([
  ['DUPLICATE_ASSET', 'ABC', abc],
  ['DUPLICATE_ASSET', 'CASH', 'cash'],
  ['ASSET_NOT_TRADABLE', 'ABC', 'GONE'],
  ['ASSET_NOT_TRADABLE', 'ABC', 'HLT'],
  ['ASSET_NOT_TRADABLE', 'ABC', 'SELL'],
  ['ASSET_NOT_TRADABLE', 'ABC', 'NOBODY'],
])('%s: %s and %s', async (code, first, second) => {
  const assets = [first, second].map((assetId) => ({ assetId, percentage: '50' }));
  const counts = () =>
    Promise.all([subgraph.admin.outboxEvent.count(), subgraph.admin.audit.count()]);
  const before = await counts();
  expect((await createNamed('Refused too', { assets })).createStrategy).toMatchObject({ code });
  expect(await counts()).toEqual(before);
  expect(await subgraph.admin.strategy.count({ where: { name: 'Refused too' } })).toBe(0);
});

test('a name is taken whatever its case and blanks', async () => {
  await createNamed('Steady Income');
  const { createStrategy } = await createNamed('steady  INCOME');
  expect(createStrategy.code).toBe('NAME_TAKEN');
});

test('a repeated key answers the first strategy, another input is refused', async () => {
  const idempotencyKey = randomUUID();
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => createNamed('Once', { idempotencyKey })),
  );
  const ids = answers.map(({ createStrategy }) => createStrategy.strategy.id);
  expect(new Set(ids).size).toBe(1);
  expect(await eventsAbout(ids[0] ?? '')).toHaveLength(1);
  const { createStrategy } = await createNamed('Twice', { idempotencyKey });
  expect(createStrategy.code).toBe('IDEMPOTENCY_KEY_REUSED');
});

test('a published version is current, and the one before stays as it was', async () => {
  const { strategy } = (await createNamed('Versions')).createStrategy;
  const assets = [{ assetId: 'DEF', percentage: '100' }];
  const published = await staff().ask(publish, { input: { strategyId: strategy.number, assets } });
  expect(published).toEqual({
    publishVersion: {
      __typename: 'PublishVersionSuccess',
      strategy: { version: 2, assets: [{ symbol: 'DEF', percentage: '100' }] },
    },
  });
  const slices = await subgraph.admin.strategySlice.findMany({
    where: { strategyId: strategy.id },
    orderBy: [{ version: 'asc' }, { position: 'asc' }],
  });
  expect(slices.map(({ version, percentage }) => [version, percentage.toFixed(2)])).toEqual([
    [1, '50.00'],
    [1, '50.00'],
    [2, '100.00'],
  ]);
  expect((await eventsAbout(strategy.id)).map(({ type }) => type)).toEqual([
    'strategies.strategy-created.v1',
    'strategies.strategy-version-published.v1',
  ]);
});

test('an archived strategy is no longer listed, published or archived', async () => {
  const { strategy } = (await createNamed('Old')).createStrategy;
  const input = { strategyId: strategy.id };
  expect(await staff().ask(archive, { input })).toEqual({
    archiveStrategy: { __typename: 'ArchiveStrategySuccess', strategy: { state: 'ARCHIVED' } },
  });
  expect(await staff().ask(archive, { input })).toMatchObject({
    archiveStrategy: { code: 'NOT_ACTIVE' },
  });
  const version = { ...input, assets: halves };
  expect(await staff().ask(publish, { input: version })).toMatchObject({
    publishVersion: { code: 'NOT_ACTIVE' },
  });
  const { strategies } = await staff().ask<{ strategies: { nodes: { name: string }[] } }>(
    '{ strategies(first: 100) { nodes { name } } }',
  );
  expect(strategies.nodes.map(({ name }) => name)).not.toContain('Old');
});

test('pages follow each other without gap or repeat', async () => {
  type Page = {
    strategies: {
      edges: { cursor: string; node: { id: string } }[];
      nodes: { id: string }[];
      pageInfo: { hasNextPage: boolean; endCursor: string | null };
    };
  };
  const query = `query ($first: Int, $after: String) {
    strategies(first: $first, after: $after) {
      edges { cursor node { id } } nodes { id } pageInfo { hasNextPage endCursor }
    }
  }`;
  const { strategies: all } = await staff().ask<Page>(query, { first: 100 });
  const ids: string[] = [];
  let after: string | null = null;
  do {
    const { strategies }: Page = await staff().ask<Page>(query, { first: 2, after });
    ids.push(...strategies.nodes.map(({ id }) => id));
    expect(strategies.edges.map(({ node }) => node)).toEqual(strategies.nodes);
    expect(strategies.edges.at(-1)?.cursor).toBe(strategies.pageInfo.endCursor);
    after = strategies.pageInfo.hasNextPage ? strategies.pageInfo.endCursor : null;
  } while (after);
  expect(ids).toEqual(all.nodes.map(({ id }) => id));
});

test('only operations may create; a stranger is asked to sign in', async () => {
  const input = { name: 'Mine', assets: halves };
  const asked = await Promise.all([
    subgraph.client.asCustomer(randomUUID()).answer(create, { input }),
    subgraph.client.asStaff('support').answer(create, { input }),
    subgraph.client.anonymous().answer(create, { input }),
    subgraph.client.anonymous().answer('{ strategies { nodes { id } } }'),
  ]);
  expect(asked.map(({ errors }) => errors[0]?.extensions?.['code'])).toEqual([
    'FORBIDDEN',
    'FORBIDDEN',
    'UNAUTHENTICATED',
    'UNAUTHENTICATED',
  ]);
});

test.each([
  ['input.name', { name: ' ', assets: halves }],
  ['input.name', { name: 'x'.repeat(101), assets: halves }],
  ['input.assets', { name: 'Empty', assets: [] }],
  ['input.assets.0.assetId', { name: 'Odd', assets: [{ assetId: 'A B', percentage: '100' }] }],
  ['input.idempotencyKey', { name: 'Key', assets: halves, idempotencyKey: 'ü' }],
])('bad input names its field: %s', async (field, input) => {
  const { errors } = await staff().answer(create, { input });
  expect(errors[0]?.extensions).toEqual({ code: 'BAD_INPUT', field });
});

test('what staff does to a strategy stands in the audit with its reason', async () => {
  const idempotencyKey = randomUUID();
  const named = { reason: 'a new house view', idempotencyKey };
  const { strategy } = (await createNamed('Audited', named)).createStrategy;
  await createNamed('Audited', named);
  const input = { strategyId: strategy.id };
  const assets = [{ assetId: 'DEF', percentage: '100' }];
  await staff().ask(publish, { input: { ...input, assets, reason: 'all on one' } });
  await staff().ask(archive, { input: { ...input, reason: 'nobody wants it' } });
  await staff().ask(archive, { input: { ...input, reason: 'twice' } });
  const rows = await subgraph.admin.audit.findMany({
    where: { subject: strategy.id },
    orderBy: { id: 'asc' },
  });
  const staffId = '00000000-0000-4000-8000-00000000000a';
  expect(
    rows.map(({ command, reason, actor, outcome }) => [command, reason, actor, outcome]),
  ).toEqual([
    ['createStrategy', 'a new house view', staffId, 'DONE'],
    ['publishVersion', 'all on one', staffId, 'DONE'],
    ['archiveStrategy', 'nobody wants it', staffId, 'DONE'],
  ]);
  expect(rows.map(({ beforeDigest }) => beforeDigest === null)).toEqual([true, false, false]);
  expect(rows[1]?.beforeDigest).toBe(rows[0]?.afterDigest);
  const change = subgraph.admin.$executeRaw`UPDATE audit SET reason = 'other'`;
  await expect(change).rejects.toThrow('append-only');
});

test.each([0, 101])(
  'a strategy of %i rows is bad input and leaves nothing behind',
  async (rows) => {
    const assets = Array.from({ length: rows }, () => ({ assetId: 'ABC', percentage: '1' }));
    const before = await subgraph.admin.strategy.count();
    const { errors } = await staff().answer(create, { input: { name: 'Wide', assets } });
    expect(errors[0]?.extensions).toEqual({ code: 'BAD_INPUT', field: 'input.assets' });
    expect(await subgraph.admin.strategy.count()).toBe(before);
  },
);

test('a hundred rows of one percent are a strategy', async () => {
  const ids = Array.from({ length: 99 }, () => randomUUID());
  await subgraph.worker.applyBatch(ids.map((id, nth) => assetUpdated(id, { symbol: `W${nth}` })));
  const assets = [...ids, 'CASH'].map((assetId) => ({ assetId, percentage: '1' }));
  const { createStrategy } = await createNamed('Widest', { assets });
  expect(createStrategy.__typename).toBe('CreateStrategySuccess');
});
