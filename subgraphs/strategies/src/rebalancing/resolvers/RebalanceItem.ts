import type { RebalanceItemResolvers } from '../../generated/graphql.ts';

/** Symbol and name come from the own copy, so that they answer when the assets do not. */
export const RebalanceItem: RebalanceItemResolvers = {
  asset: ({ assetId }) => ({ id: assetId }),
  symbol: async ({ assetId }, _, { loaders }) =>
    (await loaders.assets.load(assetId))?.symbol ?? assetId,
  name: async ({ assetId }, _, { loaders }) =>
    (await loaders.assets.load(assetId))?.name ?? assetId,
  value: ({ value, currency }) => ({ amount: value, currency }),
  wanted: ({ wanted, currency }) => ({ amount: wanted, currency }),
  amount: ({ amount, currency }) => amount && { amount, currency },
  order: ({ orderId }) => (orderId === null ? null : { id: orderId }),
  filledValue: ({ filledValue, currency }) => ({ amount: filledValue, currency }),
  fees: ({ fees, currency }) => ({ amount: fees, currency }),
};
