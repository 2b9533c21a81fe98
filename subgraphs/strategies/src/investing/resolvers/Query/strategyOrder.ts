import { requirePrincipal } from '@simplebank/chassis/auth';
import type { QueryResolvers } from '../../../generated/graphql.ts';
import { idOrNumber } from '../../../resolvers/input.ts';
import { visibleOrder } from '../../queries/strategy-orders.ts';

export const strategyOrder: NonNullable<QueryResolvers['strategyOrder']> = (_, { id }, context) => {
  requirePrincipal(context.viewer);
  return visibleOrder(context, context.viewer, idOrNumber(id, 'id'));
};
