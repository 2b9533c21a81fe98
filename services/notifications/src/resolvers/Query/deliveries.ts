import { requireRole } from '@simplebank/chassis/auth';
import { pageAsked, toConnection } from '@simplebank/chassis/connections';
import { uuidOf } from '@simplebank/chassis/scalars';
import type { QueryResolvers } from '../../generated/graphql.ts';
import { deliveriesBy } from '../../queries/deliveries.ts';
import { placeOf } from '../place.ts';

type Resolver = NonNullable<QueryResolvers['deliveries']>;

const idOf = (id: string | null | undefined, field: string): string | null =>
  id === null || id === undefined ? null : uuidOf(id, field);

export const deliveries: Resolver = async (_, { filter, ...args }, context) => {
  requireRole(context.viewer, 'support', 'operations');
  const { first, after } = pageAsked(args, placeOf);
  const asked = {
    customerId: idOf(filter?.customerId, 'filter.customerId'),
    eventId: idOf(filter?.eventId, 'filter.eventId'),
    kind: filter?.kind ?? null,
    channel: filter?.channel ?? null,
    state: filter?.state ?? null,
  };
  const rows = await deliveriesBy(context, { filter: asked, first, after });
  return toConnection(rows, { first, placeOf: ({ queuedAt, id }) => [queuedAt.toISOString(), id] });
};
