import { requireRole } from '@simplebank/chassis/auth';
import { cursorOf } from '../../domain/page.ts';
import type { QueryResolvers } from '../../generated/graphql.ts';
import { stuckOrders as find } from '../../queries/orders.ts';
import { pageArguments } from '../page-arguments.ts';

export const stuckOrders: NonNullable<QueryResolvers['stuckOrders']> = async (_, page, context) => {
  requireRole(context.viewer, 'support', 'operations');
  const { items, hasNextPage } = await find(context, pageArguments(page));
  const last = items.at(-1);
  const endCursor = last ? cursorOf({ at: last.deadline, id: last.order.id }) : null;
  return { nodes: [...items], pageInfo: { hasNextPage, endCursor } };
};
