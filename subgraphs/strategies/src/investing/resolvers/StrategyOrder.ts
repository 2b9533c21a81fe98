import { isUuid } from '@simplebank/kernel/ids';
import type { StrategyOrderResolvers } from '../../generated/graphql.ts';

export const StrategyOrder: StrategyOrderResolvers = {
  __resolveReference: ({ id }, { loaders }) =>
    isUuid(id) ? loaders.strategyOrders.load(id) : null,
  number: ({ number }) => number.toString(),
  amount: ({ amount, currency }) => ({ amount, currency }),
  cash: ({ cash, currency }) => cash && { amount: cash, currency },
  async strategy({ id, strategyId }, _, { loaders }) {
    const strategy = await loaders.strategies.load(strategyId);
    if (!strategy) throw new Error(`strategy order ${id} has no strategy`);
    return strategy;
  },
  account: ({ accountId }) => ({ id: accountId }),
  payment: ({ paymentId }) => (paymentId === null ? null : { id: paymentId }),
  parts: ({ parts, currency }) => parts.map((part) => ({ ...part, currency })),
};
