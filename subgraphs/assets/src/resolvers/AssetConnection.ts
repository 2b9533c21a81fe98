import type { AssetConnectionResolvers } from '../generated/graphql.ts';
import { cursorOf } from './paging.ts';

export const AssetConnection: AssetConnectionResolvers = {
  edges: ({ entries }) => [...entries],
  pageInfo: ({ entries, hasNextPage }) => {
    const last = entries.at(-1)?.place;
    return { hasNextPage, endCursor: last ? cursorOf([last.rank, last.symbol]) : null };
  },
};
