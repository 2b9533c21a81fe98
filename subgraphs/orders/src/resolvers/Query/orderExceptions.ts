import { requireRole } from '@simplebank/chassis/auth';
import { pageAsked, toConnection } from '@simplebank/chassis/connections';
import type { QueryResolvers } from '../../generated/graphql.ts';
import { orderExceptions as find } from '../../queries/orders.ts';
import { placeOf, readPlace } from '../places.ts';

export const orderExceptions: NonNullable<QueryResolvers['orderExceptions']> = async (
  _,
  args,
  context,
) => {
  requireRole(context.viewer, 'support', 'operations');
  const page = pageAsked(args, readPlace);
  return toConnection(await find(context, args.unresolvedOnly ?? true, page), {
    first: page.first,
    placeOf: ({ recordedAt, id }) => placeOf({ at: recordedAt, id }),
  });
};
