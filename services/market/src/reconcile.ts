import { type EventFeed, eventFeed, readSnapshot } from '@simplebank/chassis/feed';
import { answerMsOfSnapshots } from '@simplebank/chassis/pools';
import { connect } from './data/client.ts';
import {
  assetCopies,
  assetIdsAfter,
  type Copy,
  executionsOf,
  orderIdsAfter,
  type ReportedExecution,
} from './data/reconcile.ts';

export type { Copy, ReportedExecution };

type Page = { readonly after: string; readonly limit: number };

export type MarketFeed = EventFeed & {
  readonly orderIds: (page: Page) => Promise<string[]>;
  readonly executionsOf: (orderIds: readonly string[]) => Promise<readonly ReportedExecution[]>;
  readonly assetIds: (page: Page) => Promise<string[]>;
  readonly assetCopies: (assetIds: readonly string[]) => Promise<readonly Copy[]>;
};

/** The door for the reconciler (`npm run reconcile`): what the venue reported, page by page. */
export function openFeed(databaseUrl: string): MarketFeed {
  const db = connect(databaseUrl, answerMsOfSnapshots);
  return {
    ...eventFeed(db, 'market'),
    orderIds: ({ after, limit }) => readSnapshot(db, (tx) => orderIdsAfter(tx, after, limit)),
    executionsOf: (ids) => readSnapshot(db, (tx) => executionsOf(tx, ids)),
    assetIds: ({ after, limit }) => readSnapshot(db, (tx) => assetIdsAfter(tx, after, limit)),
    assetCopies: (ids) => readSnapshot(db, (tx) => assetCopies(tx, ids)),
  };
}
