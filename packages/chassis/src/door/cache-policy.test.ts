import { buildSubgraphSchema } from '@apollo/subgraph';
import { GraphQLError, parse } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLogger } from '../process/logging.ts';
import {
  assertionHeader,
  createAssertionSigner,
  createAssertionVerifier,
  generateAssertionKeys,
} from './auth.ts';
import { type Door, serveSubgraph } from './subgraph.ts';

const typeDefs = parse(`
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
  directive @cacheControl(maxAge: Int, scope: CacheControlScope, inheritMaxAge: Boolean)
    on FIELD_DEFINITION | OBJECT | INTERFACE | UNION
  enum CacheControlScope { PUBLIC PRIVATE }
  type Query {
    assets: AssetPage!
    asset: Asset
    own: Account
    untold: String
    told: String @cacheControl(maxAge: 30, scope: PUBLIC)
    unscoped: String @cacheControl(maxAge: 30)
    either: Either
    breaks: String @cacheControl(maxAge: 30, scope: PUBLIC)
  }
  type Mutation { write: String @cacheControl(maxAge: 30, scope: PUBLIC) }
  type AssetPage @cacheControl(maxAge: 300, scope: PUBLIC) {
    nodes: [Asset!]!
    info: Info!
    bare: Bare
  }
  type Asset @key(fields: "id") @cacheControl(maxAge: 100, scope: PUBLIC) {
    id: ID!
    price: Int @cacheControl(maxAge: 5)
    mine: Int @cacheControl(scope: PRIVATE)
  }
  type Info @cacheControl(inheritMaxAge: true) { more: Boolean }
  type Bare { x: Int }
  type Account @key(fields: "id") @cacheControl(maxAge: 10, scope: PRIVATE) { id: ID! asset: Asset }
  type Silent @key(fields: "id") { id: ID! }
  union Either @cacheControl(maxAge: 20, scope: PUBLIC) = Asset | Bare
`);
const asset = { __typename: 'Asset', id: 'x', price: 1, mine: 2 };
const resolvers = {
  Query: {
    assets: () => ({ nodes: [asset], info: { more: false } }),
    asset: () => asset,
    own: () => ({ id: 'a', asset }),
    either: () => asset,
    breaks: () => {
      throw new GraphQLError('broken');
    },
  },
};

const keys = await generateAssertionKeys();
const signer = createAssertionSigner({ privateKey: keys.privateKey, issuer: 'web' });
let door: Door;
beforeAll(async () => {
  door = await serveSubgraph({
    name: 'assets',
    host: '127.0.0.1',
    port: 0,
    schema: buildSubgraphSchema([{ typeDefs, resolvers }]),
    assertions: createAssertionVerifier({ publicKeys: keys.publicKeys, audience: 'assets' }),
    contextFor: () => ({}),
    log: createLogger({ service: 'test', destination: { write: () => undefined } }),
  });
  await door.start();
});
afterAll(() => door.close());

async function policyOf(query: string): Promise<string | null> {
  const assertion = await signer.sign({ kind: 'anonymous', channel: 'web' }, 'assets');
  const response = await fetch(`${door.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', [assertionHeader]: assertion },
    body: JSON.stringify({ query }),
  });
  return response.headers.get('cache-control');
}

const entities = (of: string) =>
  `{ _entities(representations: [{ __typename: "Asset", id: "x" }]) { ${of} } }`;

test.each([
  ['{ asset { id } }', 'max-age=100, public'],
  ['{ asset { id price } }', 'max-age=5, public'],
  ['{ assets { nodes { id } info { more } } }', 'max-age=100, public'],
  ['{ assets { info { more } __typename } }', 'max-age=300, public'],
  ['fragment F on Asset { price } { asset { ...F ... on Asset { id } } }', 'max-age=5, public'],
  ['{ either { ... on Asset { price } } }', 'max-age=5, public'],
  ['{ told }', 'max-age=30, public'],
  ['{ told either { ... on Bare { x } } }', 'max-age=20, public'],
  [entities('... on Asset { id }'), 'max-age=100, public'],
  [entities('... on Asset { price }'), 'max-age=5, public'],
])('%s may be kept: %s', async (query, expected) => {
  expect(await policyOf(query)).toBe(expected);
  expect(await policyOf(query)).toBe(expected);
});

test.each([
  ['{ own { id } }', 'max-age=10, private'],
  ['{ own { asset { id } } }', 'max-age=10, private'],
  ['{ asset { mine } }', 'max-age=100, private'],
  ['{ unscoped told }', 'max-age=30, private'],
  [entities('... on Asset { id } ... on Account { id }'), 'max-age=10, private'],
])('%s may be kept for one caller: %s', async (query, expected) => {
  expect(await policyOf(query)).toBe(expected);
});

test.each([
  '{ untold }',
  '{ told untold }',
  '{ assets { nodes { id } bare { x } } }',
  '{ __typename }',
  '{ breaks }',
  '{ missing }',
  'mutation { write }',
  entities('... on Silent { id }'),
])('%s may not be kept', async (query) => {
  expect(await policyOf(query)).toBe('no-store');
});
