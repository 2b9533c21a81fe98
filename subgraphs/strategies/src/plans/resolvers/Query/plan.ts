import { requirePrincipal } from '@simplebank/chassis/auth';
import type { QueryResolvers } from '../../../generated/graphql.ts';
import { idOrNumber } from '../../../resolvers/input.ts';
import { visiblePlan } from '../../queries/plans.ts';

export const plan: NonNullable<QueryResolvers['plan']> = (_, { id }, context) => {
  requirePrincipal(context.viewer);
  return visiblePlan(context, context.viewer, idOrNumber(id, 'id'));
};
