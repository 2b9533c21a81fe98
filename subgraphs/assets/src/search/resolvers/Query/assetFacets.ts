import type { QueryResolvers } from '../../../generated/graphql.ts';
import { facetsOf } from '../../queries/search.ts';
import { searchAsked } from '../input.ts';

export const assetFacets: NonNullable<QueryResolvers['assetFacets']> = (_, args, context) =>
  facetsOf(context, searchAsked(args));
