import type { Resolvers } from '../../generated/graphql.ts';
import { corporateActions as ownActions } from './Asset.ts';
import { announceDividend } from './Mutation/announceDividend.ts';
import { announceSplit } from './Mutation/announceSplit.ts';
import { cancelCorporateAction } from './Mutation/cancelCorporateAction.ts';
import { corporateActions } from './Query/corporateActions.ts';

export const actionResolvers = {
  Query: { corporateActions },
  Mutation: { announceDividend, announceSplit, cancelCorporateAction },
  Asset: { corporateActions: ownActions },
  CorporateAction: {
    kind: ({ terms }) => terms.kind,
    asset: ({ assetId }, _, { loaders }) => loaders.assets.load(assetId),
  },
  CorporateActionTerms: {
    __resolveType: ({ kind }) => (kind === 'DIVIDEND' ? 'DividendTerms' : 'SplitTerms'),
  },
} satisfies Resolvers;
