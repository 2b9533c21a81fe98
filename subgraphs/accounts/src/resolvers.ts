import { moneyResolvers, scalars } from '@simplebank/chassis/scalars';
import { accountResolvers } from './accounts/resolvers/index.ts';
import type { Resolvers } from './generated/graphql.ts';
import { identityResolvers } from './identity/resolvers/index.ts';
import { paymentResolvers } from './payments/resolvers/index.ts';

/** The rooms' resolvers as one graph; two rooms may add to one type, never to one field. */
export const resolvers = {
  Decimal: scalars.Decimal,
  DateTime: scalars.DateTime,
  Money: moneyResolvers,
  Query: { ...identityResolvers.Query, ...accountResolvers.Query, ...paymentResolvers.Query },
  Mutation: {
    ...identityResolvers.Mutation,
    ...accountResolvers.Mutation,
    ...paymentResolvers.Mutation,
  },
  Customer: identityResolvers.Customer,
  Account: { ...accountResolvers.Account, ...paymentResolvers.Account },
  Balances: accountResolvers.Balances,
  Payment: paymentResolvers.Payment,
} satisfies Resolvers;
