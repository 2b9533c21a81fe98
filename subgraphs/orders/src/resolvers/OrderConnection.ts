import type { Order } from '../domain/order.ts';
import { cursorOf } from '../domain/page.ts';
import type { OrderConnectionResolvers } from '../generated/graphql.ts';

const cursor = ({ createdAt, id }: Order): string => cursorOf({ at: createdAt, id });

export const OrderConnection: OrderConnectionResolvers = {
  edges: ({ items }) => items.map((node) => ({ cursor: cursor(node), node })),
  nodes: ({ items }) => [...items],
  pageInfo: ({ items, hasNextPage }) => {
    const last = items.at(-1);
    return { hasNextPage, endCursor: last ? cursor(last) : null };
  },
};
