import { requirePrincipal } from '@simplebank/chassis/auth';
import type { StrategyResolvers } from '../generated/graphql.ts';

export const Strategy: StrategyResolvers = {
  __resolveReference({ id }, { viewer, loaders }) {
    requirePrincipal(viewer);
    return loaders.strategies.load(id);
  },
  number: ({ number }) => number.toString(),
  assets: ({ slices }) => [...slices],
};
