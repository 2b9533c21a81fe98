import { isUuid } from '@simplebank/kernel/ids';
import type { AccountResolvers } from '../generated/graphql.ts';
import { maySee } from './accounts.ts';
import { currentHoldingsMax, holdingsPageMax, placeOfCursor } from './holding-pages.ts';
import { pageSize } from './paging.ts';

export const Account: AccountResolvers = {
  /** Null for another's account. One that is not known here yet holds nothing and shows nothing. */
  __resolveReference: async ({ id }, { viewer, loaders }) => {
    if (!isUuid(id) || viewer.kind !== 'principal') return null;
    const account = await loaders.accounts.load(id);
    return account && !maySee(viewer, account) ? null : { id };
  },
  currentHoldings: async ({ id }, _, { loaders }) => {
    const wish = { accountId: id, first: currentHoldingsMax, after: null };
    return [...(await loaders.holdings.load(wish)).holdings];
  },
  holdingsPage: ({ id }, args, { loaders }) => {
    const first = pageSize(args.first, holdingsPageMax);
    return loaders.holdings.load({ accountId: id, first, after: placeOfCursor(args.after) });
  },
};
