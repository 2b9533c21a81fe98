import type { Viewer } from '@simplebank/chassis/auth';
import type { IdOrNumber } from '@simplebank/kernel/ids';
import { findAccount, findAccounts } from '../data/copies.ts';
import { findOrder, findOrders, listOrders } from '../data/strategy-orders.ts';
import type { Deps } from '../deps.ts';
import type { AccountCopy } from '../domain/copies.ts';
import type { PageQuestion } from '../domain/page.ts';
import type { StrategyOrder } from '../domain/strategy-order.ts';

type Reader = Pick<Deps, 'db'>;

const isStaff = (viewer: Viewer): boolean =>
  viewer.kind === 'principal' &&
  viewer.roles.some((role) => role === 'support' || role === 'operations');

const owns = (viewer: Viewer, account: AccountCopy | null | undefined): boolean =>
  viewer.kind === 'principal' && (account?.ownerIds.includes(viewer.customerId) ?? false);

/** An account of the viewer; null for an unknown one and for another customer's. */
export async function ownAccount(
  { db }: Reader,
  viewer: Viewer,
  key: IdOrNumber,
): Promise<AccountCopy | null> {
  const account = await findAccount(db, key);
  return owns(viewer, account) ? account : null;
}

/** In the order of `ids`; null for unknown orders and for those of other customers' accounts. */
export async function visibleOrders(
  { db }: Reader,
  viewer: Viewer,
  ids: readonly string[],
): Promise<readonly (StrategyOrder | null)[]> {
  const orders = await findOrders(db, ids);
  const accountIds = orders.flatMap((order) => order?.accountId ?? []);
  const accounts = await findAccounts(db, accountIds);
  return orders.map((order) => {
    if (order === null || isStaff(viewer)) return order;
    return owns(viewer, accounts.get(order.accountId)) ? order : null;
  });
}

/** Null when it is unknown or of another customer's account. */
export async function visibleOrder(
  deps: Reader,
  viewer: Viewer,
  key: IdOrNumber,
): Promise<StrategyOrder | null> {
  const order = await findOrder(deps.db, key);
  if (!order) return null;
  const [visible] = await visibleOrders(deps, viewer, [order.id]);
  return visible ?? null;
}

/** Null when it is unknown or not of one of the viewer's own accounts. */
export async function ownOrder(
  { db }: Reader,
  viewer: Viewer,
  key: IdOrNumber,
): Promise<StrategyOrder | null> {
  const order = await findOrder(db, key);
  const account = order && (await findAccount(db, { id: order.accountId }));
  return owns(viewer, account) ? order : null;
}

export type AccountQuestion = PageQuestion & { readonly account: IdOrNumber };

/** Newest first, one more than asked for; null for an account unknown or another customer's. */
export async function ordersOf(
  { db }: Reader,
  viewer: Viewer,
  { account: key, ...question }: AccountQuestion,
): Promise<readonly StrategyOrder[] | null> {
  const account = await findAccount(db, key);
  if (!account || !(isStaff(viewer) || owns(viewer, account))) return null;
  return listOrders(db, account.id, question);
}
