import { isUuid } from '@simplebank/kernel/ids';
import type { QueryResolvers } from '../../../generated/graphql.ts';

export const me: NonNullable<QueryResolvers['me']> = (_, __, { viewer, loaders }) =>
  viewer.kind === 'principal' && isUuid(viewer.customerId)
    ? loaders.identities.load(viewer.customerId)
    : null;
