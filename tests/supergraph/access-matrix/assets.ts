import { liveForAll, type Matrix, open, operations } from './matrix.ts';

export const assets: Matrix = {
  'Query.asset': open,
  'Query.prices': open,
  'Query.marketClock': open,
  'Query.marketClockAt': open,
  'Query.marketDay': open,
  'Query.marketCalendar': open,
  'Query.corporateActions': open,
  'Query.assetsNamed': open,
  'Query.assets': open,
  'Query.assetFacets': open,
  'Mutation.registerAssets': operations,
  'Mutation.setAssetState': operations,
  'Mutation.announceDividend': operations,
  'Mutation.announceSplit': operations,
  'Mutation.cancelCorporateAction': operations,
  'Subscription.quotes': liveForAll,
};
