import { type EventFeed, eventFeed, readSnapshot } from '@simplebank/chassis/feed';
import { answerMsOfSnapshots } from '@simplebank/chassis/pools';
import { openDatabase } from './data/client.ts';
import {
  accountCopies,
  accountIdsAfter,
  assetCopies,
  assetIdsAfter,
  type BookedExecution,
  type Copy,
  type DueDividend,
  dividendsOf,
  executionsOf,
  type HeldShares,
  type OpenReservation,
  openReservationsOf,
  orderIdsAfter,
  positionMasters,
  sharesOf,
} from './data/reconcile.ts';
import { lossyLots, type Mismatch, wrongPositions, wrongSplits } from './data/reconcile-lots.ts';

import { type ReckonedCash, reckonedCashOf, wrongHistories } from './performance/data/reconcile.ts';

export type {
  BookedExecution,
  Copy,
  DueDividend,
  HeldShares,
  Mismatch,
  OpenReservation,
  ReckonedCash,
};

type Page = { readonly after: string; readonly limit: number };
type Ids = readonly string[];

export type HoldingsFeed = EventFeed & {
  readonly orderIds: (page: Page) => Promise<string[]>;
  readonly ordersOf: (orderIds: Ids) => Promise<{
    readonly executions: readonly BookedExecution[];
    readonly reservations: readonly OpenReservation[];
  }>;
  readonly accountIds: (page: Page) => Promise<string[]>;
  readonly accountsOf: (accountIds: Ids) => Promise<{
    readonly shares: readonly HeldShares[];
    readonly cash: readonly ReckonedCash[];
    readonly dividends: readonly DueDividend[];
    readonly copies: readonly Copy[];
  }>;
  readonly positionMasters: (accountIds: Ids) => Promise<readonly Copy[]>;
  readonly assetIds: (page: Page) => Promise<string[]>;
  readonly assetCopies: (assetIds: Ids) => Promise<readonly Copy[]>;
  readonly mismatches: () => Promise<readonly Mismatch[]>;
};

/** The door for the reconciler (`npm run reconcile`): pages of facts, each of one moment. */
export function openFeed(databaseUrl: string): HoldingsFeed {
  const db = openDatabase(databaseUrl, answerMsOfSnapshots);
  return {
    ...eventFeed(db, 'holdings'),
    orderIds: ({ after, limit }) => readSnapshot(db, (tx) => orderIdsAfter(tx, after, limit)),
    ordersOf: (ids) =>
      readSnapshot(db, async (tx) => ({
        executions: await executionsOf(tx, ids),
        reservations: await openReservationsOf(tx, ids),
      })),
    accountIds: ({ after, limit }) => readSnapshot(db, (tx) => accountIdsAfter(tx, after, limit)),
    accountsOf: (ids) =>
      readSnapshot(db, async (tx) => ({
        shares: await sharesOf(tx, ids),
        cash: await reckonedCashOf(tx, ids),
        dividends: await dividendsOf(tx, ids),
        copies: await accountCopies(tx, ids),
      })),
    positionMasters: (ids) => readSnapshot(db, (tx) => positionMasters(tx, ids)),
    assetIds: ({ after, limit }) => readSnapshot(db, (tx) => assetIdsAfter(tx, after, limit)),
    assetCopies: (ids) => readSnapshot(db, (tx) => assetCopies(tx, ids)),
    mismatches: () =>
      readSnapshot(db, async (tx) => [
        ...(await wrongPositions(tx)),
        ...(await lossyLots(tx)),
        ...(await wrongSplits(tx)),
        ...(await wrongHistories(tx)),
      ]),
  };
}
