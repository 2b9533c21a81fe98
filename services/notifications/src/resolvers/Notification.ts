import { isUuid } from '@simplebank/kernel/ids';
import type { NotificationResolvers } from '../generated/graphql.ts';

export const Notification: NotificationResolvers = {
  // An id of no such form would spoil the lookup of all others that came with it.
  __resolveReference: ({ id }, { loaders }) => (isUuid(id) ? loaders.messages.load(id) : null),
  account: ({ accountId }) => (accountId === null ? null : { id: accountId }),
};
