import { requirePrincipal } from '@simplebank/chassis/auth';
import { isUuid } from '@simplebank/kernel/ids';
import type { QueryResolvers } from '../../../generated/graphql.ts';
import { accountsOf } from '../../queries/accounts.ts';

export const accounts: NonNullable<QueryResolvers['accounts']> = (_, __, context) => {
  const { customerId } = requirePrincipal(context.viewer);
  return isUuid(customerId) ? accountsOf(context, customerId) : [];
};
