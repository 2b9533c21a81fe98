import { numberPlace, pageAsked, toConnection } from '@simplebank/chassis/connections';
import type { AccountResolvers } from '../../generated/graphql.ts';

export const Account: Pick<AccountResolvers, 'rebalanceRuns'> = {
  async rebalanceRuns({ id: accountId }, args, { loaders }) {
    const { first, after } = pageAsked(args, numberPlace);
    const rows = await loaders.rebalanceRunsOf.load({ accountId, first, after });
    return rows && toConnection(rows, { first, placeOf: ({ number }) => [String(number)] });
  },
};
