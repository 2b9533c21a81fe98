import { requirePrincipal } from '@simplebank/chassis/auth';
import { isUuid } from '@simplebank/kernel/ids';
import type { StrategyResolvers } from '../../generated/graphql.ts';

export const Strategy: StrategyResolvers = {
  __resolveReference({ id }, { viewer, loaders }) {
    requirePrincipal(viewer);
    return isUuid(id) ? loaders.strategies.load(id) : null;
  },
  number: ({ number }) => number.toString(),
  assets: ({ slices }) => [...slices],
};
