import { type EventFeed, eventFeed, readSnapshot } from '@simplebank/chassis/feed';
import { answerMsOfSnapshots } from '@simplebank/chassis/pools';
import { openDatabase } from './data/client.ts';
import { type AssetMaster, assetIdsAfter, mastersOf } from './data/reconcile.ts';

export type { AssetMaster };

type Page = { readonly after: string; readonly limit: number };

export type AssetsFeed = EventFeed & {
  readonly assetIds: (page: Page) => Promise<string[]>;
  readonly mastersOf: (assetIds: readonly string[]) => Promise<readonly AssetMaster[]>;
};

/** The door for the reconciler (`npm run reconcile`): the assets that others keep copies of. */
export function openFeed(databaseUrl: string): AssetsFeed {
  const db = openDatabase(databaseUrl, answerMsOfSnapshots);
  return {
    ...eventFeed(db, 'assets'),
    assetIds: ({ after, limit }) => readSnapshot(db, (tx) => assetIdsAfter(tx, after, limit)),
    mastersOf: (ids) => readSnapshot(db, (tx) => mastersOf(tx, ids)),
  };
}
