import type { StrategyOrderPartResolvers } from '../../generated/graphql.ts';

/** Symbol and name come from the own copy, so that they answer when the assets do not. */
export const StrategyOrderPart: StrategyOrderPartResolvers = {
  asset: ({ assetId }) => ({ id: assetId }),
  symbol: async ({ assetId }, _, { loaders }) =>
    (await loaders.assets.load(assetId))?.symbol ?? assetId,
  name: async ({ assetId }, _, { loaders }) =>
    (await loaders.assets.load(assetId))?.name ?? assetId,
  amount: ({ amount, currency }) => ({ amount, currency }),
  order: ({ orderId }) => (orderId === null ? null : { id: orderId }),
};
