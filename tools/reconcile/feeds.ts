import { type AccountsFeed, openFeed as openAccounts } from '@simplebank/accounts/reconcile';
import { type AssetsFeed, openFeed as openAssets } from '@simplebank/assets/reconcile';
import { type HoldingsFeed, openFeed as openHoldings } from '@simplebank/holdings/reconcile';
import { type MarketFeed, openFeed as openMarket } from '@simplebank/market/reconcile';
import {
  type NotificationsFeed,
  openFeed as openNotifications,
} from '@simplebank/notifications/reconcile';
import { type OrdersFeed, openFeed as openOrders } from '@simplebank/orders/reconcile';
import { openFeed as openStrategies, type StrategiesFeed } from '@simplebank/strategies/reconcile';

/** What each context shows a reconciler. */
export type Feeds = {
  readonly accounts: AccountsFeed;
  readonly orders: OrdersFeed;
  readonly holdings: HoldingsFeed;
  readonly assets: AssetsFeed;
  readonly strategies: StrategiesFeed;
  readonly market: MarketFeed;
  readonly notifications: NotificationsFeed;
};

/** Connects when first asked. */
export function openFeeds(databaseUrls: Readonly<Record<string, string>>): Feeds {
  const url = (name: string): string => databaseUrls[name] ?? '';
  return {
    accounts: openAccounts(url('accounts')),
    orders: openOrders(url('orders')),
    holdings: openHoldings(url('holdings')),
    assets: openAssets(url('assets')),
    strategies: openStrategies(url('strategies')),
    market: openMarket(url('market')),
    notifications: openNotifications(url('notifications')),
  };
}

export async function closeFeeds(feeds: Feeds): Promise<void> {
  await Promise.all(Object.values(feeds).map((feed) => feed.close()));
}
