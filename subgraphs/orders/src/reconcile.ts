import { type EventFeed, eventFeed, readSnapshot } from '@simplebank/chassis/feed';
import { answerMsOfSnapshots } from '@simplebank/chassis/pools';
import { openDatabase } from './data/client.ts';
import {
  type AccountShares,
  type AccountTrades,
  accountCopies,
  accountIdsAfter,
  assetCopies,
  assetIdsAfter,
  type Copy,
  executionsOf,
  type Mismatch,
  type OrderExecution,
  type OrderTerms,
  orderIdsAfter,
  sharesOf,
  termsOf,
  tradesOf,
  wrongTotals,
} from './data/reconcile.ts';
import { finalStatuses } from './domain/status.ts';

export type { AccountShares, AccountTrades, Copy, Mismatch, OrderExecution, OrderTerms };

type Page = { readonly after: string; readonly limit: number };
type Ids = readonly string[];

/** Where nothing is set aside yet, and where nothing may be set aside any more. */
export const reserving = 'RESERVING';
export const isOver = (status: string): boolean => finalStatuses.some((one) => one === status);

export type OrdersFeed = EventFeed & {
  readonly orderIds: (page: Page) => Promise<string[]>;
  readonly ordersOf: (orderIds: Ids) => Promise<{
    readonly terms: readonly OrderTerms[];
    readonly executions: readonly OrderExecution[];
  }>;
  readonly accountIds: (page: Page) => Promise<string[]>;
  readonly accountsOf: (accountIds: Ids) => Promise<{
    readonly trades: readonly AccountTrades[];
    readonly shares: readonly AccountShares[];
    readonly copies: readonly Copy[];
  }>;
  readonly assetIds: (page: Page) => Promise<string[]>;
  readonly assetCopies: (assetIds: Ids) => Promise<readonly Copy[]>;
  readonly mismatches: () => Promise<readonly Mismatch[]>;
};

const connectionsMax = 2;

/** The door for the reconciler (`npm run reconcile`): pages of facts, each of one moment. */
export function openFeed(databaseUrl: string): OrdersFeed {
  const db = openDatabase(databaseUrl, connectionsMax, answerMsOfSnapshots);
  return {
    ...eventFeed(db, 'orders'),
    orderIds: ({ after, limit }) => readSnapshot(db, (tx) => orderIdsAfter(tx, after, limit)),
    ordersOf: (ids) =>
      readSnapshot(db, async (tx) => ({
        terms: await termsOf(tx, ids),
        executions: await executionsOf(tx, ids),
      })),
    accountIds: ({ after, limit }) => readSnapshot(db, (tx) => accountIdsAfter(tx, after, limit)),
    accountsOf: (ids) =>
      readSnapshot(db, async (tx) => ({
        trades: await tradesOf(tx, ids),
        shares: await sharesOf(tx, ids),
        copies: await accountCopies(tx, ids),
      })),
    assetIds: ({ after, limit }) => readSnapshot(db, (tx) => assetIdsAfter(tx, after, limit)),
    assetCopies: (ids) => readSnapshot(db, (tx) => assetCopies(tx, ids)),
    mismatches: () => readSnapshot(db, wrongTotals),
  };
}
