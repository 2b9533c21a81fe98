import type { AssetEdgeResolvers } from '../generated/graphql.ts';
import { cursorOf } from './paging.ts';

export const AssetEdge: AssetEdgeResolvers = {
  node: ({ asset }) => asset,
  cursor: ({ place }) => cursorOf([place.rank, place.symbol]),
};
