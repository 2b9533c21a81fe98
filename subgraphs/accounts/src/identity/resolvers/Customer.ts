import { isUuid } from '@simplebank/kernel/ids';
import type { CustomerResolvers, Role } from '../../generated/graphql.ts';

export const Customer = {
  __resolveReference: ({ id }, { loaders }) => (isUuid(id) ? loaders.identities.load(id) : null),
  roles: ({ roles }) => roles.map((role) => role.toUpperCase() as Role),
} satisfies CustomerResolvers;
