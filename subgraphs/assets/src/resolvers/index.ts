import { scalars } from '@simplebank/chassis/scalars';
import { actionResolvers } from '../actions/resolvers/index.ts';
import { calendarResolvers } from '../calendar/resolvers/index.ts';
import { candleResolvers } from '../candles/resolvers/index.ts';
import type { Resolvers } from '../generated/graphql.ts';
import { searchResolvers } from '../search/resolvers/index.ts';
import { Asset } from './Asset.ts';
import { registerAssets } from './Mutation/registerAssets.ts';
import { setAssetState } from './Mutation/setAssetState.ts';
import { asset } from './Query/asset.ts';
import { assetsNamed } from './Query/assetsNamed.ts';
import { prices } from './Query/prices.ts';
import { Quote } from './Quote.ts';

/** The rooms' resolvers as one graph; two rooms may add to one type, never to one field. */
export const resolvers: Resolvers = {
  Decimal: scalars.Decimal,
  DateTime: scalars.DateTime,
  LocalDate: scalars.LocalDate,
  Query: {
    asset,
    assetsNamed,
    prices,
    ...searchResolvers.Query,
    ...calendarResolvers.Query,
    ...actionResolvers.Query,
  },
  Mutation: { registerAssets, setAssetState, ...actionResolvers.Mutation },
  Asset: { ...Asset, ...candleResolvers.Asset, ...actionResolvers.Asset },
  Candle: candleResolvers.Candle,
  CorporateAction: actionResolvers.CorporateAction,
  CorporateActionTerms: actionResolvers.CorporateActionTerms,
  Quote,
};
