import * as accounts from '@simplebank/accounts/config';
import { openSteps as openAccounts, type PaymentProvider } from '@simplebank/accounts/simulation';
import * as assets from '@simplebank/assets/config';
import { type History, openSteps as openAssets, openHistory } from '@simplebank/assets/simulation';
import type { Runtime } from '@simplebank/chassis/process';
import type { Steps } from '@simplebank/chassis/steps';
import type { Subscriber } from '@simplebank/contracts/subscriptions';
import * as holdings from '@simplebank/holdings/config';
import { openSteps as openHoldings } from '@simplebank/holdings/simulation';
import * as market from '@simplebank/market/config';
import { openSteps as openMarket, type Venue } from '@simplebank/market/simulation';
import * as notifications from '@simplebank/notifications/config';
import { openSteps as openNotifications } from '@simplebank/notifications/simulation';
import * as orders from '@simplebank/orders/config';
import { openSteps as openOrders } from '@simplebank/orders/simulation';
import * as strategies from '@simplebank/strategies/config';
import { openSteps as openStrategies } from '@simplebank/strategies/simulation';
import type { Environment } from '../embedded/settings.ts';

export type Stations = Readonly<Record<Subscriber, Steps>>;

export type Opening = {
  readonly env: Environment;
  readonly runtimeOf: (context: Subscriber) => Runtime;
  readonly venue: Venue;
  readonly provider: PaymentProvider;
};

/** The exchange is handed in, none runs inside the market; and nobody is mailed about the past. */
const elsewhere = {
  NOTIFICATIONS_SMTP_URL: '',
  MARKET_VENUE_URL: 'http://exchange.invalid',
  MARKET_VENUE_KEY: 'key-at-the-exchange',
};

/** Where assets is told what it closed at on days that nobody quoted. */
export const openAssetHistory = (env: Environment, runtime: Runtime): History =>
  openHistory(assets.loadConfig(env), runtime);

/** Every context with what it decides, without doors, queues and loops. */
export async function openStations(opening: Opening): Promise<Stations> {
  const { runtimeOf, venue, provider } = opening;
  const env = { ...opening.env, ...elsewhere };
  return {
    accounts: await openAccounts(accounts.loadConfig(env), runtimeOf('accounts'), provider),
    orders: await openOrders(orders.loadConfig(env), runtimeOf('orders')),
    holdings: await openHoldings(holdings.loadConfig(env), runtimeOf('holdings')),
    assets: await openAssets(assets.loadConfig(env), runtimeOf('assets')),
    strategies: await openStrategies(strategies.loadConfig(env), runtimeOf('strategies')),
    market: await openMarket(market.loadConfig(env), runtimeOf('market'), venue),
    notifications: await openNotifications(
      notifications.loadConfig(env),
      runtimeOf('notifications'),
    ),
  };
}
