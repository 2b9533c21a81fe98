import { requirePrincipal } from '@simplebank/chassis/auth';
import type { QueryResolvers } from '../../../generated/graphql.ts';
import { accountBy } from '../../queries/accounts.ts';

export const account: NonNullable<QueryResolvers['account']> = (_, { id }, context) => {
  requirePrincipal(context.viewer);
  return accountBy(context, id);
};
