import { type EventFeed, eventFeed, readSnapshot } from '@simplebank/chassis/feed';
import { answerMsOfSnapshots } from '@simplebank/chassis/pools';
import { connect } from './data/client.ts';
import {
  accountCopies,
  accountIdsAfter,
  assetCopies,
  assetIdsAfter,
  type Copy,
  positionCopies,
} from './data/reconcile.ts';

export type { Copy };

type Page = { readonly after: string; readonly limit: number };

export type StrategiesFeed = EventFeed & {
  readonly accountIds: (page: Page) => Promise<string[]>;
  readonly accountCopies: (accountIds: readonly string[]) => Promise<readonly Copy[]>;
  readonly assetIds: (page: Page) => Promise<string[]>;
  readonly assetCopies: (assetIds: readonly string[]) => Promise<readonly Copy[]>;
  readonly positionCopies: (accountIds: readonly string[]) => Promise<readonly Copy[]>;
};

/** The door for the reconciler (`npm run reconcile`): the copies that strategies keeps. */
export function openFeed(databaseUrl: string): StrategiesFeed {
  const db = connect(databaseUrl, answerMsOfSnapshots);
  return {
    ...eventFeed(db, 'strategies'),
    accountIds: ({ after, limit }) => readSnapshot(db, (tx) => accountIdsAfter(tx, after, limit)),
    accountCopies: (ids) => readSnapshot(db, (tx) => accountCopies(tx, ids)),
    assetIds: ({ after, limit }) => readSnapshot(db, (tx) => assetIdsAfter(tx, after, limit)),
    assetCopies: (ids) => readSnapshot(db, (tx) => assetCopies(tx, ids)),
    positionCopies: (ids) => readSnapshot(db, (tx) => positionCopies(tx, ids)),
  };
}
