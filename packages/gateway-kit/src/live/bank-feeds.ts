import type { Feed } from './feeds.ts';

/** What both applications follow live. */
export const bankFeeds: readonly Feed[] = [
  { field: 'orderUpdates', query: 'orderUpdatesSince', tells: 'all', entity: 'Account' },
  { field: 'accountActivity', query: 'accountActivitySince', tells: 'all', entity: 'Account' },
  { field: 'quotes', query: 'assetsNamed', tells: 'latest', entity: 'Asset' },
];
