import { findOrderByKey, findOrdersPage, findStuckOrders } from '../data/orders.ts';
import type { Deps } from '../deps.ts';
import type { Order } from '../domain/order.ts';
import type { Cursor, OrderPage, Page } from '../domain/page.ts';
import type { StuckOrder } from '../domain/process.ts';

/** The order that this customer placed with this key. */
export const orderByKey = ({ db }: Deps, customerId: string, key: string): Promise<Order | null> =>
  findOrderByKey(db, customerId, key);

export type PageAsked = { readonly first: number; readonly after: Cursor | null };

/** One more than asked tells whether there is a next page. */
function pageOf<Item>(items: readonly Item[], first: number): Page<Item> {
  return { items: items.slice(0, first), hasNextPage: items.length > first };
}

/** The orders of an account, newest first. */
export async function ordersPage(
  { db }: Deps,
  accountId: string,
  { first, after }: PageAsked,
): Promise<OrderPage> {
  return pageOf(await findOrdersPage(db, { accountId, after, max: first + 1 }), first);
}

/** Orders whose process is past its deadline, the longest overdue first. */
export async function stuckOrders(
  { db, clock }: Deps,
  { first, after }: PageAsked,
): Promise<Page<StuckOrder>> {
  const found = await findStuckOrders(db, { now: clock.now(), after, max: first + 1 });
  return pageOf(found, first);
}
