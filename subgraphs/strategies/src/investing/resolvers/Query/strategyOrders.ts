import { requirePrincipal } from '@simplebank/chassis/auth';
import { numberPlace, pageAsked, toConnection } from '@simplebank/chassis/connections';
import type { QueryResolvers } from '../../../generated/graphql.ts';
import { idOrNumber } from '../../../resolvers/input.ts';
import { ordersOf } from '../../queries/strategy-orders.ts';

type Resolver = NonNullable<QueryResolvers['strategyOrders']>;

export const strategyOrders: Resolver = async (_, { accountId, ...args }, context) => {
  requirePrincipal(context.viewer);
  const account = idOrNumber(accountId, 'accountId');
  const { first, after } = pageAsked(args, numberPlace);
  const rows = await ordersOf(context, context.viewer, { account, first, after });
  return rows && toConnection(rows, { first, placeOf: ({ number }) => [String(number)] });
};
