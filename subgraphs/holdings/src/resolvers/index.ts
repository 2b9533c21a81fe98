import { moneyResolvers, scalars } from '@simplebank/chassis/scalars';
import type { Resolvers } from '../generated/graphql.ts';
import { resolvers as lots } from '../lots/index.ts';
import { resolvers as performance } from '../performance/index.ts';
import { Account } from './Account.ts';
import { Holding } from './Holding.ts';
import { MissingShares } from './MissingShares.ts';
import { resolveMissingShares } from './Mutation/resolveMissingShares.ts';
import { holdings } from './Query/holdings.ts';
import { houseErrorPositions, missingShares } from './Query/missingShares.ts';

export const resolvers: Resolvers = {
  Decimal: scalars.Decimal,
  DateTime: scalars.DateTime,
  LocalDate: scalars.LocalDate,
  Money: moneyResolvers,
  Query: { holdings, missingShares, houseErrorPositions },
  Mutation: { resolveMissingShares },
  MissingShares,
  Account,
  Holding,
  ...lots,
  ...performance,
};
