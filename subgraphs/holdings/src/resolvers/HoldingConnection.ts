import type { HoldingConnectionResolvers } from '../generated/graphql.ts';
import { cursorOfHolding } from './holding-pages.ts';

export const HoldingConnection: HoldingConnectionResolvers = {
  edges: ({ holdings }) => holdings.map((node) => ({ cursor: cursorOfHolding(node), node })),
  pageInfo: ({ holdings, hasNextPage }) => {
    const last = holdings.at(-1);
    return { hasNextPage, endCursor: last ? cursorOfHolding(last) : null };
  },
};
