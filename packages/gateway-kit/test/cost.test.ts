import { buildSchema, Kind, parse } from 'graphql';
import { expect, test } from 'vitest';
import { costOf } from '../src/operations/cost.ts';
import { costWeightsIn } from '../src/operations/cost-weights.ts';

const graph = `
  directive @cost(weight: Int!) on ARGUMENT_DEFINITION | FIELD_DEFINITION | OBJECT | SCALAR
  directive @listSize(
    assumedSize: Int
    slicingArguments: [String!]
    sizedFields: [String!]
    requireOneSlicingArgument: Boolean = true
  ) on FIELD_DEFINITION
  type Query {
    account: Account
    accounts: [Account!]! @listSize(assumedSize: 5)
    unbounded: [Account!]!
    report: String @cost(weight: 40)
    find(text: String @cost(weight: 7)): Found
    page(first: Int = 20, last: Int): Page
      @listSize(slicingArguments: ["first", "last"], sizedFields: ["edges", "nodes"])
  }
  type Mutation { rename(name: String): Account }
  type Account {
    id: ID!
    name: String
    orders(first: Int = 10): [Order!]! @listSize(slicingArguments: ["first"])
  }
  type Order @cost(weight: 3) { id: ID! account: Account }
  type Page { edges: [Edge!]! nodes: [Account!]! total: Int }
  type Edge { node: Account! }
  union Found = Account | Order
`;
const schema = buildSchema(graph);
const weights = costWeightsIn(graph);

function cost(text: string) {
  const document = parse(text);
  const definition = document.definitions.find(({ kind }) => kind === Kind.OPERATION_DEFINITION);
  if (definition?.kind !== Kind.OPERATION_DEFINITION) throw new Error('no operation');
  return costOf({ schema, weights, document, definition });
}
const estimated = (text: string, variables: object = {}) =>
  cost(text).estimated(variables as Record<string, unknown>);

test.each([
  ['a scalar is free, but no operation is', '{ __typename }', 1],
  ['an object is a point', '{ account { id name } }', 1],
  ['a weight of a field counts in place of its type', '{ report }', 40],
  ['a weight of a type counts for each', '{ account { orders(first: 2) { id } } }', 1 + 2 * 3],
  ['a weight of an argument counts where it is given', '{ find(text: "a") { __typename } }', 8],
  ['a list has the size that is assumed of it', '{ accounts { id } }', 5],
  ['a list that says nothing counts as ten', '{ unbounded { id } }', 10],
  ['a default slices', '{ page { nodes { id } } }', 1 + 20],
  ['a number slices', '{ page(first: 3) { nodes { id } } }', 1 + 3],
  [
    'the largest slicing argument counts',
    '{ page(first: 3, last: 50) { total nodes { id } } }',
    51,
  ],
  [
    'items of both shapes of a page count',
    '{ page(first: 3) { nodes { id } edges { node { id } } } }',
    10,
  ],
  [
    'lists within lists multiply',
    '{ accounts { orders(first: 4) { account { id } } } }',
    5 * (1 + 4 * 4),
  ],
  [
    'of a union the dearest member counts',
    '{ find { ... on Account { orders { id } } ... on Order { id } } }',
    31,
  ],
  [
    'fragments count where they are spread',
    '{ a: account { ...A } b: account { ...A } } fragment A on Account { orders(first: 1) { id } }',
    8,
  ],
  [
    'a page sizes its lists through a fragment',
    '{ page(first: 9) { ...P } } fragment P on Page { nodes { id } }',
    10,
  ],
  [
    'what is skipped for sure is free',
    '{ account @skip(if: true) { id } report @include(if: false) }',
    1,
  ],
  ['a change costs ten beside its answer', 'mutation { rename { id } }', 11],
  ['a question about the schema is dear', '{ __schema { queryType { name } } }', 100],
  ['nothing asked of a page is one point', '{ page(first: -5) { nodes { id } } }', 1],
])('%s', (_, text, points) => {
  expect(estimated(text)).toBe(points);
});

test('the same operation costs what its variables ask for', () => {
  const text =
    'query ($n: Int = 7, $on: Boolean!) { page(first: $n) { nodes @include(if: $on) { id } } }';
  const { estimated: points } = cost(text);
  expect([
    points({ on: true }),
    points({ on: true, n: 2 }),
    points({ on: false, n: 2 }),
    points({ on: true, n: 100 }),
  ]).toEqual([8, 3, 1, 101]);
});

test('no value makes the same operation cheap for the next who asks', () => {
  const text = 'query ($n: Int) { page(first: $n) { nodes { id } } }';
  const { estimated: points } = cost(text);
  expect([
    points({ n: '100' }),
    points({ n: 100 }),
    points({ n: [90] }),
    points({ n: 90 }),
  ]).toEqual([expect.any(Number), 101, expect.any(Number), 91]);
  expect([points({ n: null }), points({}), points({ n: 2 })]).toEqual([21, 21, 3]);
});

test('after the answer only what was answered counts', () => {
  const text = `query ($n: Int) {
    page(first: $n) { nodes { id orders { id } } edges { node { orders { id } } } }
    account { id }
    report
  }`;
  const { estimated: before, actual } = cost(text);
  expect(before({ n: 50 })).toBe(1 + 50 * (1 + 30) + 50 * (1 + 1 + 30) + 1 + 40);
  const order = { id: 'o' };
  const answer = {
    page: {
      nodes: [
        { id: 'a', orders: [order, order] },
        { id: 'b', orders: [] },
      ],
      edges: [],
    },
    account: null,
    report: 'x',
  };
  expect(actual(answer)).toBe(1 + 2 + 2 * 3 + 40);
  expect([actual({}), actual(null), actual(undefined)]).toEqual([1, 1, 1]);
});

test('a field that two fragments ask for is counted once in the answer', () => {
  const text = `{ find { ... on Account { orders { id } } ...F ... on Order { id } } }
    fragment F on Account { orders { account { id } } }`;
  const answer = { find: { orders: [{ id: 'o', account: { id: 'a' } }] } };
  expect(cost(text).actual(answer)).toBe(1 + 3 + 1);
});

test('fragments that double at each level are counted in a moment, not in their number', () => {
  const levels = Array.from(
    { length: 60 },
    (_, n) => `fragment F${n} on Order { a: account { ...G${n} } b: account { ...G${n} } }
      fragment G${n} on Account { orders(first: 1) { ...F${n + 1} } }`,
  );
  const text = `{ account { orders(first: 1) { ...F0 } } } ${levels.join('\n')}
    fragment F60 on Order { id }`;
  expect(estimated(text)).toBeGreaterThan(2 ** 60);
});
