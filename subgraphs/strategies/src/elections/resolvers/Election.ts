import type { ElectionChangeResolvers, ElectionResolvers } from '../../generated/graphql.ts';

/** The strategy as it is now: an archived one shows so. */
export const Election: ElectionResolvers = {
  async strategy({ accountId, strategyId }, _, { loaders }) {
    const strategy = await loaders.strategies.load(strategyId);
    if (!strategy) throw new Error(`account ${accountId} follows an unknown strategy`);
    return strategy;
  },
  electedAt: ({ at }) => at,
  electedById: ({ customerId }) => customerId,
};

export const ElectionChange: ElectionChangeResolvers = {
  strategy: ({ strategyId }, _, { loaders }) =>
    strategyId === null ? null : loaders.strategies.load(strategyId),
  byId: ({ customerId }) => customerId,
};
