import { parse, print } from 'graphql';
import { expect, test } from 'vitest';
import { withCosts } from './costs.ts';
import { composeFor, services } from './supergraph.ts';

const fieldOf = (sdl: string, name: string): string | undefined =>
  print(withCosts(parse(sdl)))
    .split('\n')
    .find((line) => line.trim().startsWith(name))
    ?.trim();

const pages = 'type Page { nodes: [Int!]! edges: [Int!]! total: Int }';

test('a list and the lists of a page have the size of the argument that slices them', () => {
  const sdl = `type Query { page(first: Int = 5): Page  some(last: Int!): [Int!]! } ${pages}`;
  expect(fieldOf(sdl, 'page')).toBe(
    'page(first: Int = 5): Page @federation__listSize(slicingArguments: ["first"], ' +
      'sizedFields: ["nodes", "edges"], requireOneSlicingArgument: false)',
  );
  expect(fieldOf(sdl, 'some')).toBe(
    'some(last: Int!): [Int!]! @federation__listSize(slicingArguments: ["last"], ' +
      'requireOneSlicingArgument: false)',
  );
});

test('a page that is asked for by its number has the size of its size', () => {
  const { typeDefs } = services().find(({ name }) => name === 'accounts') ?? {};
  if (!typeDefs) throw new Error('accounts has no schema');
  expect(fieldOf(print(typeDefs), 'customers(')).toContain(
    '@federation__listSize(slicingArguments: ["size"], sizedFields: ["items"]',
  );
});

test('a directive that a schema has of its own stays alone', () => {
  const own = 'accounts(first: Int): [Int!]! @listSize(assumedSize: 3)';
  expect(fieldOf(`type Query { ${own} }`, 'accounts')).toBe(own);
});

test('what is in a table gets its size and its weight, and what is part of a row is free', () => {
  const sdl = 'type Query { accounts: [Int!]! previewOrder: Int } type Money { amount: Int }';
  expect(fieldOf(sdl, 'accounts')).toContain('@federation__listSize(assumedSize: 5');
  expect(fieldOf(sdl, 'previewOrder')).toBe('previewOrder: Int @federation__cost(weight: 5)');
  expect(fieldOf(sdl, 'type Money')).toBe('type Money @federation__cost(weight: 0) {');
});

test('the supergraph carries both directives to the gateway', () => {
  const { api, supergraph } = composeFor('mobile', services());
  expect(supergraph).toContain('@federation__cost(weight: 20)');
  expect(supergraph).toContain('@federation__listSize(requireOneSlicingArgument: false');
  expect(api).not.toContain('listSize');
});
