import { requirePrincipal } from '@simplebank/chassis/auth';
import { uuidOf } from '@simplebank/chassis/scalars';
import type { QueryResolvers } from '../../generated/graphql.ts';
import { visible } from '../access.ts';

export const order: NonNullable<QueryResolvers['order']> = async (_, { id }, context) => {
  requirePrincipal(context.viewer);
  return visible(await context.loaders.orders.load(uuidOf(id, 'id')), context);
};
