import type { RequestStory } from '@simplebank/chassis/request';
import type { IdOrNumber } from '@simplebank/kernel/ids';
import DataLoader from 'dataloader';
import { findAccounts } from './data/copies.ts';
import { findExecutions, findNewestOrders, findOrders } from './data/orders.ts';
import type { Deps } from './deps.ts';
import type { Account } from './domain/account.ts';
import type { Order } from './domain/order.ts';

const loaderBatchMax = 100;
/** How many `Account.orders` answers, and how many executions of an order. */
const newestMax = 100;
const executionsMax = 100;

export type Context = ReturnType<typeof createContext>;

/** One per request: its loaders batch and cache within the request and die with it. */
export function createContext(deps: Deps, story: RequestStory) {
  const { db } = deps;
  const options = { maxBatchSize: loaderBatchMax };
  const loaders = {
    orders: new DataLoader((ids: readonly string[]) => findOrders(db, ids), options),
    accounts: new DataLoader((names: readonly IdOrNumber[]) => accountsByName(deps, names), {
      ...options,
      cacheKeyFn: (name) => ('id' in name ? name.id : String(name.number)),
    }),
    newestOrders: new DataLoader(
      (accountIds: readonly string[]) => findNewestOrders(db, accountIds, newestMax),
      options,
    ),
    executions: new DataLoader(
      (orders: readonly Order[]) => findExecutions(db, orders, executionsMax),
      { ...options, cacheKeyFn: ({ id }: Order) => id },
    ),
  };
  return { ...deps, ...story, loaders };
}

/** Accounts by UUID or number, in the order asked; null for an unknown one. */
async function accountsByName(
  { db }: Deps,
  names: readonly IdOrNumber[],
): Promise<(Account | null)[]> {
  const accounts = await findAccounts(db, {
    ids: names.flatMap((name) => ('id' in name ? [name.id] : [])),
    numbers: names.flatMap((name) => ('number' in name ? [name.number] : [])),
  });
  const byId = new Map(accounts.map((account) => [account.id, account]));
  const byNumber = new Map(accounts.map((account) => [account.number, account]));
  return names.map((name) =>
    'id' in name ? (byId.get(name.id) ?? null) : (byNumber.get(name.number) ?? null),
  );
}
