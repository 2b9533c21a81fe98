import { isUuid } from '@simplebank/kernel/ids';
import type { RebalanceRunResolvers } from '../../generated/graphql.ts';

export const RebalanceRun: RebalanceRunResolvers = {
  __resolveReference: ({ id }, { loaders }) => (isUuid(id) ? loaders.rebalanceRuns.load(id) : null),
  number: ({ number }) => number.toString(),
  amount: ({ amount, currency }) => amount && { amount, currency },
  proceeds: ({ proceeds, currency }) => proceeds && { amount: proceeds, currency },
  async strategy({ id, strategyId }, _, { loaders }) {
    const strategy = await loaders.strategies.load(strategyId);
    if (!strategy) throw new Error(`rebalancing ${id} has no strategy`);
    return strategy;
  },
  account: ({ accountId }) => ({ id: accountId }),
  items: ({ items, currency }) => items.map((item) => ({ ...item, currency })),
};
