import { moneyResolvers, scalars } from '@simplebank/chassis/scalars';
import type { Resolvers } from '../generated/graphql.ts';
import { Account } from './Account.ts';
import { Holding } from './Holding.ts';
import { holdings } from './Query/holdings.ts';

export const resolvers: Resolvers = {
  Decimal: scalars.Decimal,
  DateTime: scalars.DateTime,
  Money: moneyResolvers,
  Query: { holdings },
  Account,
  Holding,
};
