import { pageAsked, toConnection } from '@simplebank/chassis/connections';
import { isUuid } from '@simplebank/kernel/ids';
import type { AccountResolvers } from '../generated/graphql.ts';
import { maySee } from './accounts.ts';
import { currentHoldingsMax, placeOf, readPlace } from './holding-pages.ts';

export const Account: AccountResolvers = {
  /** Null for another's account. One that is not known here yet holds nothing and shows nothing. */
  __resolveReference: async ({ id }, { viewer, loaders }) => {
    if (!isUuid(id) || viewer.kind !== 'principal') return null;
    const account = await loaders.accounts.load(id);
    return account && !maySee(viewer, account) ? null : { id };
  },
  currentHoldings: ({ id }, _, { loaders }) =>
    loaders.holdings.load({ accountId: id, max: currentHoldingsMax, after: null }),
  holdingsPage: async ({ id }, page, { loaders }) => {
    const { first, after } = pageAsked(page, readPlace);
    const rows = await loaders.holdings.load({ accountId: id, max: first + 1, after });
    return toConnection(rows, { first, placeOf });
  },
};
