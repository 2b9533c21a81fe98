import type { Viewer } from '@simplebank/chassis/auth';
import type { IdOrNumber } from '@simplebank/kernel/ids';
import type { Tx } from '../../data/client.ts';
import type { Deps } from '../../deps.ts';
import type { PageQuestion } from '../../domain/page.ts';
import { ownAccount, readable, readableAccount } from '../../queries/accounts.ts';
import { findOrder, findOrders, listOrders } from '../data/strategy-orders.ts';
import { type Outcome, outcomeOf, type StrategyOrder } from '../domain/strategy-order.ts';

type Reader = Pick<Deps, 'db'>;

/** In the order of `ids`; null for unknown orders and for those of other customers' accounts. */
export const visibleOrders = async (
  deps: Reader,
  viewer: Viewer,
  ids: readonly string[],
): Promise<readonly (StrategyOrder | null)[]> =>
  readable(deps, viewer, await findOrders(deps.db, ids));

/** What an investment came to; null while something may still be ordered or bought by it. */
export async function outcomeOfInvestment(db: Tx, id: string): Promise<Outcome | null> {
  const order = await findOrder(db, { id });
  if (!order) throw new Error(`strategy order ${id} has gone`);
  return outcomeOf(order);
}

/** Null when it is unknown or of another customer's account. */
export async function visibleOrder(
  deps: Reader,
  viewer: Viewer,
  key: IdOrNumber,
): Promise<StrategyOrder | null> {
  const [visible] = await readable(deps, viewer, [await findOrder(deps.db, key)]);
  return visible ?? null;
}

/** Null when it is unknown or not of one of the viewer's own accounts. */
export async function ownOrder(
  deps: Reader,
  viewer: Viewer,
  key: IdOrNumber,
): Promise<StrategyOrder | null> {
  const order = await findOrder(deps.db, key);
  return order && (await ownAccount(deps, viewer, { id: order.accountId })) ? order : null;
}

export type AccountQuestion = PageQuestion & { readonly account: IdOrNumber };

/** Newest first, one more than asked for; null for an account unknown or another customer's. */
export async function ordersOf(
  deps: Reader,
  viewer: Viewer,
  { account: key, ...question }: AccountQuestion,
): Promise<readonly StrategyOrder[] | null> {
  const account = await readableAccount(deps, viewer, key);
  return account && listOrders(deps.db, account.id, question);
}
