import type { CustomerResolvers } from '../../generated/graphql.ts';

/** What this room adds to a customer; staff, who have no number, are not verified. */
export const Customer = {
  verification: ({ id, number }, _, { loaders }) =>
    number === null ? null : loaders.verifications.load(id),
} satisfies CustomerResolvers;
