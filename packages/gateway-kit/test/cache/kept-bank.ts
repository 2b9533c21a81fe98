import { buildSubgraphSchema } from '@apollo/subgraph';
import {
  createAssertionSigner,
  createAssertionVerifier,
  generateAssertionKeys,
} from '@simplebank/chassis/auth';
import type { RequestStory } from '@simplebank/chassis/request';
import { createMemoryShared } from '@simplebank/chassis/shared';
import { serveSubgraph } from '@simplebank/chassis/subgraph';
import { type Clock, systemClock } from '@simplebank/kernel/clock';
import { composeServices } from '@theguild/federation-composition';
import fastify from 'fastify';
import { GraphQLError, parse } from 'graphql';
import { buildGateway } from '../../src/gateway.ts';
import { audience, createTokenMint, issuer } from '../token-mint.ts';
import { log } from './world.ts';

const sdl = `extend schema
    @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@inaccessible", "@key"])
  directive @cacheControl(maxAge: Int, scope: CacheControlScope, inheritMaxAge: Boolean)
    on FIELD_DEFINITION | OBJECT | INTERFACE | UNION
  enum CacheControlScope @inaccessible { PUBLIC PRIVATE }
  type Query {
    me: Customer
    accounts: [Account!]!
    account(id: ID!): Account
    assets: [Asset!]!
    asset(id: ID!): Asset
    found: [Found!]!
    now: Int!
    half: [Half!]!
  }
  type Mutation {
    rename(id: ID!, name: String!): Account
    fail: Int
  }
  type Customer @key(fields: "id") @cacheControl(maxAge: 60, scope: PRIVATE) {
    id: ID!
    name: String!
  }
  type Account @key(fields: "id") @cacheControl(maxAge: 60, scope: PRIVATE) {
    id: ID!
    name: String!
    owner: Customer!
    balance: Int! @cacheControl(maxAge: 10)
  }
  type Asset @key(fields: "id") @cacheControl(maxAge: 300, scope: PUBLIC) {
    id: ID!
    name: String!
    price: Int! @cacheControl(maxAge: 120)
    last: Int! @cacheControl(maxAge: 5)
  }
  union Found @cacheControl(maxAge: 60, scope: PRIVATE) = Account | Asset
  type Half @cacheControl(maxAge: 60, scope: PUBLIC) { value: Int, breaks: Int }
`;

/** What the subgraph knows; tests change it behind the gateways' back. */
const createTruth = () => ({
  accountName: 'Main',
  assetName: 'Abc Corp',
  assets: ['x1'],
  fails: false,
  /** A run waits here, so that another can come meanwhile. */
  gate: Promise.resolve(),
  /** Root fields that were resolved, in their order. */
  ran: [] as string[],
});
type Truth = ReturnType<typeof createTruth>;
type Context = { readonly customerId: string };

const ownAccount = (truth: Truth, { customerId }: Context) => ({
  __typename: 'Account',
  id: `a-${customerId}`,
  name: `${truth.accountName} of ${customerId}`,
  owner: { id: customerId, name: customerId },
  balance: 7,
});
const assetOf = (truth: Truth, id: string) => ({
  __typename: 'Asset',
  id,
  name: truth.assetName,
  price: 5,
  last: 6,
});

function rootsOf(truth: Truth) {
  const ran = async <T>(name: string, value: () => T): Promise<T> => {
    truth.ran.push(name);
    const answered = value();
    await truth.gate;
    if (truth.fails) throw new GraphQLError('broken');
    return answered;
  };
  const Query = {
    me: (_: unknown, __: unknown, { customerId }: Context) =>
      ran('me', () => ({ id: customerId, name: customerId })),
    accounts: (_: unknown, __: unknown, context: Context) =>
      ran('accounts', () => [ownAccount(truth, context)]),
    account: (_: unknown, { id }: { id: string }, context: Context) =>
      ran('account', () => (id === `a-${context.customerId}` ? ownAccount(truth, context) : null)),
    assets: () => ran('assets', () => truth.assets.map((id) => assetOf(truth, id))),
    asset: (_: unknown, { id }: { id: string }) =>
      ran('asset', () => (truth.assets.includes(id) ? assetOf(truth, id) : null)),
    found: (_: unknown, __: unknown, context: Context) =>
      ran('found', () => [assetOf(truth, 'x1'), ownAccount(truth, context)]),
    now: () => ran('now', () => truth.ran.length),
    half: () => ran('half', () => [{ value: 1 }]),
  };
  const Half = {
    breaks: () => {
      throw new GraphQLError('broken', { extensions: { code: 'NOT_FOUND' } });
    },
  };
  const Mutation = {
    rename: (_: unknown, { name }: { name: string }, context: Context) =>
      ran('rename', () => {
        truth.accountName = name;
        return ownAccount(truth, context);
      }),
    fail: () => {
      truth.accountName = 'Changed';
      throw new GraphQLError('broken');
    },
  };
  return { Query, Mutation, Half };
}

type Asking = {
  readonly as?: string;
  readonly variables?: object;
  /** Which of the two gateways; the first unless told. */
  readonly at?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly method?: 'GET' | 'POST';
};
export type KeptBank = Awaited<ReturnType<typeof openKeptBank>>;

/** Two instances of one gateway over one subgraph, with all they share in memory. */
export async function openKeptBank({ clock = systemClock }: { readonly clock?: Clock } = {}) {
  const truth = createTruth();
  const keys = await generateAssertionKeys();
  const mint = await createTokenMint();
  const resolvers = rootsOf(truth);
  const subgraph = await serveSubgraph({
    name: 'accounts',
    host: '127.0.0.1',
    port: 0,
    schema: buildSubgraphSchema([{ typeDefs: parse(sdl), resolvers }]),
    assertions: createAssertionVerifier({ publicKeys: keys.publicKeys, audience: 'accounts' }),
    contextFor: ({ viewer }: RequestStory): Context => ({
      customerId: viewer.kind === 'principal' ? viewer.customerId : 'nobody',
    }),
    log,
  });
  await subgraph.start();
  const issuing = fastify();
  issuing.get('/jwks', mint.publicKeys);
  issuing.get('/revoked', async () => ({ sessions: [] }));
  const issuingUrl = await issuing.listen({ host: '127.0.0.1', port: 0 });
  const shared = createMemoryShared({ log });
  const composed = composeServices([
    { name: 'accounts', url: 'http://accounts/graphql', typeDefs: parse(sdl) },
  ]);
  if (!composed.supergraphSdl) throw new Error(String(composed.errors));
  const options = {
    introspection: true,
    name: 'federation',
    channel: 'federation' as const,
    host: '127.0.0.1',
    port: 0,
    supergraphSdl: composed.supergraphSdl,
    subgraphUrls: { accounts: subgraph.url },
    assertionSigner: createAssertionSigner({
      privateKey: keys.privateKey,
      issuer: 'federation',
    }),
    tokens: {
      jwksUrl: `${issuingUrl}/jwks`,
      revokedUrl: `${issuingUrl}/revoked`,
      issuer,
      audience,
    },
    log,
    clock,
    shared,
  };
  const doors = [await buildGateway(options), await buildGateway(options)];
  for (const door of doors) await door.start();
  const tokens = new Map<string, string>();
  for (const name of ['ann', 'bob']) {
    tokens.set(name, await mint.token(name, { claims: { roles: ['customer'] } }));
  }

  let stopping: Promise<void> | null = null;
  const stopSubgraph = () => {
    stopping ??= subgraph.close();
    return stopping;
  };
  return {
    truth,
    shared,
    /** From now on nobody answers behind the gateways. */
    stopSubgraph,
    /** The answer with its text; `as` nobody is anonymous. */
    async ask(
      query: string,
      { as, variables, at = 0, headers = {}, method = 'POST' }: Asking = {},
    ) {
      const door = doors[at];
      if (!door) throw new Error('there are two gateways');
      const token = as && tokens.get(as);
      const asked = new URLSearchParams({ query, variables: JSON.stringify(variables ?? {}) });
      const url = `${door.url}/graphql${method === 'GET' ? `?${asked}` : ''}`;
      const response = await fetch(url, {
        method,
        headers: {
          'content-type': 'application/json',
          ...(token ? { authorization: `Bearer ${token}` } : {}),
          ...headers,
        },
        ...(method === 'POST' ? { body: JSON.stringify({ query, variables }) } : {}),
      });
      const text = await response.text();
      return {
        status: response.status,
        headers: response.headers,
        text,
        body: text && JSON.parse(text),
      };
    },
    async close() {
      for (const door of doors) await door.close();
      await stopSubgraph();
      await issuing.close();
      await shared.close();
    },
  };
}
