import type { RequestStory } from '@simplebank/chassis/request';
import type { IdOrNumber } from '@simplebank/kernel/ids';
import DataLoader from 'dataloader';
import { findExecutions, findLines, type LinesAsked } from './data/history.ts';
import { findNewestOrders } from './data/order-lists.ts';
import { findOrders } from './data/orders.ts';
import { findPlans } from './data/plans.ts';
import type { Deps } from './deps.ts';
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
    accounts: new DataLoader(
      (names: readonly IdOrNumber[]) => Promise.all(names.map(deps.atOnce.account)),
      { ...options, cacheKeyFn: (name) => ('id' in name ? name.id : String(name.number)) },
    ),
    newestOrders: new DataLoader(
      (accountIds: readonly string[]) => findNewestOrders(db, accountIds, newestMax),
      options,
    ),
    executions: new DataLoader(
      (orders: readonly Order[]) => findExecutions(db, orders, executionsMax),
      { ...options, cacheKeyFn: ({ id, version }: Order) => `${id} ${version}` },
    ),
    lines: new DataLoader((asked: readonly LinesAsked[]) => findLines(db, asked), {
      ...options,
      cacheKeyFn: ({ order, after, max }: LinesAsked) =>
        [order.id, order.version, after, max].join(' '),
    }),
    plans: new DataLoader((accountIds: readonly string[]) => findPlans(db, accountIds), options),
  };
  return { ...deps, ...story, loaders };
}
