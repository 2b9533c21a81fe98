import type { NotificationResolvers } from '../generated/graphql.ts';

export const Notification: NotificationResolvers = {
  __resolveReference: ({ id }, { loaders }) => loaders.messages.load(id),
  account: ({ accountId }) => (accountId === null ? null : { id: accountId }),
};
