import { requirePrincipal } from '@simplebank/chassis/auth';
import type { QueryResolvers } from '../../../generated/graphql.ts';
import { idOrNumber } from '../../../resolvers/input.ts';
import { visibleRun } from '../../queries/runs.ts';

export const rebalanceRun: NonNullable<QueryResolvers['rebalanceRun']> = (_, { id }, context) => {
  requirePrincipal(context.viewer);
  return visibleRun(context, context.viewer, idOrNumber(id, 'id'));
};
