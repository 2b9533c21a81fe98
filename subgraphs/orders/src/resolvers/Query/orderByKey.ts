import { requirePrincipal } from '@simplebank/chassis/auth';
import { idempotencyKeyOf } from '@simplebank/chassis/scalars';
import type { QueryResolvers } from '../../generated/graphql.ts';
import { orderByKey as find } from '../../queries/orders.ts';

export const orderByKey: NonNullable<QueryResolvers['orderByKey']> = (_, { key }, context) => {
  const { customerId } = requirePrincipal(context.viewer);
  return find(context, customerId, idempotencyKeyOf(key, 'key'));
};
