import type { AssetResolvers } from '../generated/graphql.ts';

export const Asset: AssetResolvers = {
  __resolveReference: ({ id }, { loaders }) => loaders.assets.load(id),
  price: async ({ id }, _, { loaders }) => (await loaders.quotes.load(id))?.last ?? null,
  quote: ({ id }, _, { loaders }) => loaders.quotes.load(id),
};
