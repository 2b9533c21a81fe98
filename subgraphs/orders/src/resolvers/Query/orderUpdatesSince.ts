import { requirePrincipal } from '@simplebank/chassis/auth';
import { pageAsked } from '@simplebank/chassis/connections';
import { readUpdatePlace } from '../../domain/update.ts';
import type { QueryResolvers } from '../../generated/graphql.ts';
import { updatesSince } from '../../queries/updates.ts';
import { requireReadable } from '../access.ts';

export const orderUpdatesSince: NonNullable<QueryResolvers['orderUpdatesSince']> = async (
  _,
  { accountId, ...page },
  context,
) => {
  requirePrincipal(context.viewer);
  const asked = pageAsked(page, readUpdatePlace);
  const { id } = await requireReadable(context, accountId, 'accountId');
  return updatesSince(context, id, asked);
};
