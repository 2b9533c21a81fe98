import { findOrderByKey, findOrdersPage, findStuckOrders } from '../data/orders.ts';
import type { Deps } from '../deps.ts';
import type { Order } from '../domain/order.ts';
import type { Place } from '../domain/page.ts';
import type { StuckOrder } from '../domain/process.ts';

/** The order that this customer placed with this key. */
export const orderByKey = ({ db }: Deps, customerId: string, key: string): Promise<Order | null> =>
  findOrderByKey(db, customerId, key);

export type PageAsked = { readonly first: number; readonly after: Place | null };

/** The orders of an account, newest first; one more than asked for. */
export const ordersOf = (
  { db }: Deps,
  accountId: string,
  { first, after }: PageAsked,
): Promise<Order[]> => findOrdersPage(db, { accountId, after, max: first + 1 });

/** Orders whose process is past its deadline, longest overdue first; one more than asked for. */
export const stuckOrders = (
  { db, clock }: Deps,
  { first, after }: PageAsked,
): Promise<StuckOrder[]> => findStuckOrders(db, { now: clock.now(), after, max: first + 1 });
