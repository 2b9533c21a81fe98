import { cash } from '../../domain/slice.ts';
import type { StrategyAssetResolvers } from '../../generated/graphql.ts';

const cashName = 'Cash on the account';

/** Symbol and name come from the own copy, so that they answer when the assets do not. */
export const StrategyAsset: StrategyAssetResolvers = {
  assetId: ({ assetId }) => assetId ?? cash,
  asset: ({ assetId }) => (assetId === null ? null : { id: assetId }),
  symbol: async ({ assetId }, _, { loaders }) =>
    assetId === null ? cash : ((await loaders.assets.load(assetId))?.symbol ?? assetId),
  name: async ({ assetId }, _, { loaders }) =>
    assetId === null ? cashName : ((await loaders.assets.load(assetId))?.name ?? assetId),
};
