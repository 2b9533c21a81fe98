import { requirePrincipal } from '@simplebank/chassis/auth';
import type { QueryResolvers } from '../../generated/graphql.ts';
import { strategyBy } from '../../queries/strategies.ts';
import { idOrNumber } from '../input.ts';

export const strategy: NonNullable<QueryResolvers['strategy']> = (_, { id }, context) => {
  requirePrincipal(context.viewer);
  return strategyBy(context, idOrNumber(id, 'id'));
};
