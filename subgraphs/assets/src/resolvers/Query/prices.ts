import type { QueryResolvers } from '../../generated/graphql.ts';
import { assetsToPrice } from '../../queries/assets.ts';

export const prices: NonNullable<QueryResolvers['prices']> = (_, { symbols }, context) =>
  assetsToPrice(context, symbols ?? null);
