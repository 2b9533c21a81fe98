import { scalars } from '@simplebank/chassis/scalars';
import type { Resolvers } from '../generated/graphql.ts';
import { Asset } from './Asset.ts';
import { registerAssets } from './Mutation/registerAssets.ts';
import { setAssetState } from './Mutation/setAssetState.ts';
import { asset } from './Query/asset.ts';
import { assets } from './Query/assets.ts';
import { marketClock } from './Query/marketClock.ts';
import { Quote } from './Quote.ts';

export const resolvers: Resolvers = {
  Decimal: scalars.Decimal,
  DateTime: scalars.DateTime,
  Query: { asset, assets, marketClock },
  Mutation: { registerAssets, setAssetState },
  Asset,
  Quote,
};
