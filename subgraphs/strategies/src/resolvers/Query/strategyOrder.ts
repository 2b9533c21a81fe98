import { requirePrincipal } from '@simplebank/chassis/auth';
import type { QueryResolvers } from '../../generated/graphql.ts';
import { visibleOrder } from '../../queries/strategy-orders.ts';
import { idOrNumber } from '../input.ts';

export const strategyOrder: NonNullable<QueryResolvers['strategyOrder']> = (_, { id }, context) => {
  requirePrincipal(context.viewer);
  return visibleOrder(context, context.viewer, idOrNumber(id, 'id'));
};
