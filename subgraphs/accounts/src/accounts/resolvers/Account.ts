import { isUuid } from '@simplebank/kernel/ids';
import type { AccountResolvers } from '../../generated/graphql.ts';

/** What other rooms know of an account they add themselves. */
export const Account: AccountResolvers = {
  __resolveReference: ({ id }, { loaders }) => (isUuid(id) ? loaders.accounts.load(id) : null),
  balances: ({ id }, _, { loaders }) => loaders.balances.load(id),
};
