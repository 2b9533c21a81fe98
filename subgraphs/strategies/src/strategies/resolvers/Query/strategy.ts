import { requirePrincipal } from '@simplebank/chassis/auth';
import type { QueryResolvers } from '../../../generated/graphql.ts';
import { idOrNumber } from '../../../resolvers/input.ts';
import { strategyBy } from '../../queries/strategies.ts';

export const strategy: NonNullable<QueryResolvers['strategy']> = (_, { id }, context) => {
  requirePrincipal(context.viewer);
  return strategyBy(context, idOrNumber(id, 'id'));
};
