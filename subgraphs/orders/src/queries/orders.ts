import { findException, findExceptions } from '../data/exceptions.ts';
import { findHistory } from '../data/history.ts';
import { findListing } from '../data/knowledge.ts';
import { findOrdersPage } from '../data/order-lists.ts';
import { findOrderByKey, findStuckOrders } from '../data/orders.ts';
import type { Deps } from '../deps.ts';
import type { OrderException } from '../domain/exception.ts';
import type { OrderFilter } from '../domain/filter.ts';
import { asOf } from '../domain/history.ts';
import type { Order } from '../domain/order.ts';
import type { Place } from '../domain/page.ts';
import type { StuckOrder } from '../domain/process.ts';

/** The order that this customer placed with this key. */
export const orderByKey = ({ db }: Deps, customerId: string, key: string): Promise<Order | null> =>
  findOrderByKey(db, customerId, key);

/** The order as it stood at an instant; null before it existed. */
export const orderAsOf = async ({ db }: Deps, order: Order, instant: Date): Promise<Order | null> =>
  asOf(order, await findHistory(db, order), instant);

export type PageAsked = { readonly first: number; readonly after: Place | null };

/** Whose orders are listed: of these accounts, and of the accounts that these customers own. */
export type Whose = {
  readonly accountIds: readonly string[];
  readonly customerIds: readonly string[];
  readonly filter: OrderFilter;
};

/** Newest first; one more than asked for. */
export const ordersOf = (
  { db }: Deps,
  whose: Whose,
  { first, after }: PageAsked,
): Promise<Order[]> => findOrdersPage(db, { ...whose, after, max: first + 1 });

/** The id of the asset that a customer names; null for an unknown one. */
export const assetIdOf = async (
  { db }: Deps,
  name: { readonly id: string } | { readonly symbol: string },
): Promise<string | null> => (await findListing(db, name)).asset?.id ?? null;

/** Orders whose process is past its deadline, longest overdue first; one more than asked for. */
export const stuckOrders = (
  { db, clock }: Deps,
  { first, after }: PageAsked,
): Promise<StuckOrder[]> => findStuckOrders(db, { now: clock.now(), after, max: first + 1 });

/** What fitted no transition, oldest first; one more than asked for. */
export const orderExceptions = (
  { db }: Deps,
  unresolvedOnly: boolean,
  { first, after }: PageAsked,
): Promise<OrderException[]> => findExceptions(db, { unresolvedOnly, after, max: first + 1 });

export const orderException = ({ db }: Deps, id: string): Promise<OrderException | null> =>
  findException(db, id);
