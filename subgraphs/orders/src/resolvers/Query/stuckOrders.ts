import { requireRole } from '@simplebank/chassis/auth';
import { pageAsked, toConnection } from '@simplebank/chassis/connections';
import type { QueryResolvers } from '../../generated/graphql.ts';
import { stuckOrders as find } from '../../queries/orders.ts';
import { placeOf, readPlace } from '../places.ts';

export const stuckOrders: NonNullable<QueryResolvers['stuckOrders']> = async (_, args, context) => {
  requireRole(context.viewer, 'support', 'operations');
  const page = pageAsked(args, readPlace);
  return toConnection(await find(context, page), {
    first: page.first,
    placeOf: ({ deadline, order }) => placeOf({ at: deadline, id: order.id }),
  });
};
