import { type EventFeed, eventFeed, readSnapshot } from '@simplebank/chassis/feed';
import { answerMsOfSnapshots } from '@simplebank/chassis/pools';
import { openClient } from './data/client.ts';
import {
  type AccountMaster,
  type AccountMoney,
  accountIdsAfter,
  type BookedExecution,
  type DueDividend,
  dividendsOf,
  executionsOf,
  mastersOf,
  moneyOf,
  type OpenHold,
  openHoldsOf,
  orderIdsAfter,
  type RememberedOrder,
  rememberedOrders,
  rememberedPositions,
  type Unpaid,
  unpaidOf,
} from './data/reconcile.ts';
import {
  idleWithdrawalHolds,
  type Mismatch,
  unbalanced,
  wrongBalances,
} from './data/reconcile-ledger.ts';

export type {
  AccountMaster,
  AccountMoney,
  BookedExecution,
  DueDividend,
  Mismatch,
  OpenHold,
  RememberedOrder,
  Unpaid,
};

type Page = { readonly after: string; readonly limit: number };

export type AccountsFeed = EventFeed & {
  readonly orderIds: (page: Page) => Promise<string[]>;
  readonly ordersOf: (orderIds: readonly string[]) => Promise<{
    readonly executions: readonly BookedExecution[];
    readonly holds: readonly OpenHold[];
    readonly remembered: readonly RememberedOrder[];
  }>;
  readonly accountIds: (page: Page) => Promise<string[]>;
  readonly accountsOf: (accountIds: readonly string[]) => Promise<{
    readonly money: readonly AccountMoney[];
    readonly unpaid: readonly Unpaid[];
    readonly dividends: readonly DueDividend[];
    readonly positions: readonly AccountMaster[];
  }>;
  readonly mastersOf: (accountIds: readonly string[]) => Promise<readonly AccountMaster[]>;
  readonly mismatches: () => Promise<readonly Mismatch[]>;
};

/** The door for the reconciler (`npm run reconcile`): pages of facts, each of one moment. */
export function openFeed(databaseUrl: string): AccountsFeed {
  const db = openClient(databaseUrl, answerMsOfSnapshots);
  return {
    ...eventFeed(db, 'accounts'),
    orderIds: ({ after, limit }) => readSnapshot(db, (tx) => orderIdsAfter(tx, after, limit)),
    ordersOf: (ids) =>
      readSnapshot(db, async (tx) => ({
        executions: await executionsOf(tx, ids),
        holds: await openHoldsOf(tx, ids),
        remembered: await rememberedOrders(tx, ids),
      })),
    accountIds: ({ after, limit }) => readSnapshot(db, (tx) => accountIdsAfter(tx, after, limit)),
    accountsOf: (ids) =>
      readSnapshot(db, async (tx) => ({
        money: await moneyOf(tx, ids),
        unpaid: await unpaidOf(tx, ids),
        dividends: await dividendsOf(tx, ids),
        positions: await rememberedPositions(tx, ids),
      })),
    mastersOf: (ids) => readSnapshot(db, (tx) => mastersOf(tx, ids)),
    mismatches: () =>
      readSnapshot(db, async (tx) => [
        ...(await wrongBalances(tx)),
        ...(await unbalanced(tx)),
        ...(await idleWithdrawalHolds(tx)),
      ]),
  };
}
