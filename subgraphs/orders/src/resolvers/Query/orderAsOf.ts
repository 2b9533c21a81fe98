import { requirePrincipal } from '@simplebank/chassis/auth';
import { uuidOf } from '@simplebank/chassis/scalars';
import type { QueryResolvers } from '../../generated/graphql.ts';
import { orderAsOf as find } from '../../queries/orders.ts';
import { visible } from '../access.ts';

export const orderAsOf: NonNullable<QueryResolvers['orderAsOf']> = async (
  _,
  { id, instant },
  context,
) => {
  requirePrincipal(context.viewer);
  const order = await visible(await context.loaders.orders.load(uuidOf(id, 'id')), context);
  return order && find(context, order, instant);
};
