import type { QueryResolvers } from '../../generated/graphql.ts';
import { assetByIdOrSymbol } from '../../queries/assets.ts';

/** What the bank trades is no secret: anonymous viewers may look. */
export const asset: NonNullable<QueryResolvers['asset']> = (_, { id }, context) =>
  assetByIdOrSymbol(context, id);
