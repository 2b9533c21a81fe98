import type { Resolvers } from '../../generated/graphql.ts';
import { assetFacets } from './Query/assetFacets.ts';
import { assets } from './Query/assets.ts';

export const searchResolvers = { Query: { assets, assetFacets } } satisfies Resolvers;
