import type { Decimal } from '@simplebank/kernel/decimal';
import { GraphQLError, parse } from 'graphql';
import { PublicError } from '../src/door/errors.ts';
import { scalars } from '../src/door/scalars.ts';
import type { RequestStory } from '../src/door/subgraph.ts';

export const typeDefs = parse(`
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
  scalar Decimal
  scalar DateTime
  scalar LocalDate
  input BuyInput { quantity: Decimal!, name: String }
  type Refusal { code: String! }
  type BuyRefusal { code: String! }
  type BuySuccess { quantity: Decimal! }
  union BuyResult = BuySuccess | BuyRefusal
  type Account @key(fields: "id") { id: ID! owner: String }
  type Query {
    whoAmI: String!
    requestId: String!
    trace: String
    twice(quantity: Decimal!, first: Int): Decimal!
    hidden: String
    secret: Int
    borrowed(code: String!): Int
    page(first: Int! = 20): Int
    many: [Boom!]
    slow: String
  }
  type Boom { id: ID! name: String }
  type Mutation { buy(input: BuyInput!): BuyResult! }
  type Subscription { bought: Int }
`);

/** Which fields ran. */
export const runs: string[] = [];
/** Lets the running `slow` field answer. */
export const held = { release: () => {} };
/** What no caller may see. */
export const innerText = 'SELECT * FROM customer failed at 10.0.0.7';

export const resolvers = {
  ...scalars,
  Query: {
    whoAmI: (_: unknown, __: unknown, { story }: { story: RequestStory }) => {
      runs.push('whoAmI');
      const { viewer } = story;
      return viewer.kind === 'principal' ? viewer.customerId : 'nobody';
    },
    requestId: (_: unknown, __: unknown, { story }: { story: RequestStory }) =>
      story.cause.correlationId,
    trace: (_: unknown, __: unknown, { story }: { story: RequestStory }) => story.cause.traceparent,
    twice: (_: unknown, { quantity }: { quantity: Decimal }) => quantity.times(2),
    hidden: () => {
      throw new PublicError('NOT_FOUND', 'No such account.', { field: 'id' });
    },
    secret: () => {
      throw new Error(innerText);
    },
    borrowed: (_: unknown, { code }: { code: string }) => {
      throw new GraphQLError(innerText, { extensions: { code } });
    },
    page: (_: unknown, { first }: { first: number }) => first,
    many: () => {
      const broken = new Error(innerText);
      return [1, 2, 3].map((id) => ({ id, name: () => Promise.reject(broken) }));
    },
    slow: () =>
      new Promise((resolve) => {
        runs.push('slow');
        held.release = () => resolve('done');
      }),
  },
  Account: {
    __resolveReference: ({ id }: { id: string }) => ({ id, owner: `owner of ${id}` }),
  },
  BuyResult: {
    __resolveType: ({ code }: { code?: string }) => (code ? 'BuyRefusal' : 'BuySuccess'),
  },
  Mutation: {
    buy: (_: unknown, { input }: { input: { quantity: Decimal } }) => {
      runs.push('buy');
      return input.quantity.greaterThan(10) ? { code: 'TOO_MUCH' } : input;
    },
  },
};
