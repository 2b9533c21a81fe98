import { numberPlace, pageAsked, toConnection } from '@simplebank/chassis/connections';
import type { AccountResolvers } from '../../generated/graphql.ts';

/** What plans add to an account; what the viewer may not see has none. */
export const Account: Pick<AccountResolvers, 'plans'> = {
  plans: async ({ id: accountId }, args, { loaders }) => {
    const { first, after } = pageAsked(args, numberPlace);
    const isReadable = await loaders.accounts.load(accountId);
    const rows = isReadable ? await loaders.planPages.load({ accountId, first, after }) : [];
    return toConnection(rows, { first, placeOf: ({ number }) => [String(number)] });
  },
};
