import { requirePrincipal } from '@simplebank/chassis/auth';
import { pageAsked, toConnection } from '@simplebank/chassis/connections';
import type { QueryResolvers } from '../../generated/graphql.ts';
import { messagesOf } from '../../queries/messages.ts';
import { placeOf } from '../place.ts';

type Resolver = NonNullable<QueryResolvers['notifications']>;

export const notifications: Resolver = async (_, { unreadOnly, ...args }, context) => {
  const { customerId } = requirePrincipal(context.viewer);
  const { first, after } = pageAsked(args, placeOf);
  const question = { customerId, unreadOnly: unreadOnly ?? false, first, after };
  const rows = await messagesOf(context, question);
  return toConnection(rows, {
    first,
    placeOf: ({ createdAt, id }) => [createdAt.toISOString(), id],
  });
};
