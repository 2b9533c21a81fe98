import type { DeliveryResolvers } from '../generated/graphql.ts';

export const Delivery: DeliveryResolvers = {
  attemptLog: async ({ id }, _, { loaders }) => [...(await loaders.attempts.load(id))],
  nextAttemptAt: ({ state, nextAttemptAt }) => (state === 'QUEUED' ? nextAttemptAt : null),
};
