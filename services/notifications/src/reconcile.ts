import { type EventFeed, eventFeed, readSnapshot } from '@simplebank/chassis/feed';
import { answerMsOfSnapshots } from '@simplebank/chassis/pools';
import { connect } from './data/client.ts';
import { accountCopies, accountIdsAfter, type Copy } from './data/reconcile.ts';

export type { Copy };

type Page = { readonly after: string; readonly limit: number };

export type NotificationsFeed = EventFeed & {
  readonly accountIds: (page: Page) => Promise<string[]>;
  readonly accountCopies: (accountIds: readonly string[]) => Promise<readonly Copy[]>;
};

/** The door for the reconciler (`npm run reconcile`): the copies that notifications keeps. */
export function openFeed(databaseUrl: string): NotificationsFeed {
  const db = connect(databaseUrl, answerMsOfSnapshots);
  return {
    ...eventFeed(db, 'notifications'),
    accountIds: ({ after, limit }) => readSnapshot(db, (tx) => accountIdsAfter(tx, after, limit)),
    accountCopies: (ids) => readSnapshot(db, (tx) => accountCopies(tx, ids)),
  };
}
