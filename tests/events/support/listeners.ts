import { randomUUID } from 'node:crypto';
import * as accounts from '@simplebank/accounts/config';
import { openSteps as openAccounts, type PaymentProvider } from '@simplebank/accounts/simulation';
import type { Runtime } from '@simplebank/chassis/process';
import { createMemoryShared } from '@simplebank/chassis/shared';
import type { Steps } from '@simplebank/chassis/steps';
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
import { createVirtualClock } from '@simplebank/testkit/clock';
import { createRecordingQueues } from '@simplebank/testkit/queues';
import { processEnvironment } from '../../../tools/embedded/environment.ts';
import { makeKeys } from '../../../tools/embedded/keys.ts';
import { readSettings } from '../../../tools/embedded/settings.ts';
import { silent } from './bank.ts';
import type { OperatedBank } from './operated.ts';

/** The tables in which each context keeps what others own, by version. */
export const copiesOf = {
  accounts: ['account_position'],
  orders: ['account', 'asset', 'quote'],
  holdings: ['account', 'asset', 'price'],
  strategies: ['account', 'asset', 'position', 'price'],
  market: ['instrument'],
  notifications: ['account', 'contact'],
} as const;

export type Listener = keyof typeof copiesOf;
export const listeners = Object.keys(copiesOf) as readonly Listener[];
export type Listeners = Readonly<Record<Listener, Steps>>;

/** Nobody is called: no event about descriptive data leads outside. */
const noProvider = { name: 'nobody' } as PaymentProvider;
const noVenue = { name: 'nobody' } as Venue;

/** The consumers of all contexts that keep copies, on these databases, without queues or loops. */
export async function openListeners({ databases }: OperatedBank): Promise<Listeners> {
  const urls = Object.entries(databases).map(([name, { url }]) => [name, url] as const);
  const env = processEnvironment({
    ...{ env: { MARKET_VENUE_URL: 'http://venue.invalid', MARKET_VENUE_KEY: 'key-at-the-venue' } },
    ...{ settings: readSettings({}), keys: await makeKeys([]) },
    databaseUrls: Object.fromEntries(urls),
  });
  const runtime: Runtime = {
    ...{ clock: createVirtualClock(new Date('2026-11-23T15:00:00.000Z')), newId: randomUUID },
    ...{ log: silent, queues: createRecordingQueues() },
    shared: createMemoryShared({ log: silent }),
  };
  return {
    accounts: await openAccounts(accounts.loadConfig(env), runtime, noProvider),
    orders: await openOrders(orders.loadConfig(env), runtime),
    holdings: await openHoldings(holdings.loadConfig(env), runtime),
    strategies: await openStrategies(strategies.loadConfig(env), runtime),
    market: await openMarket(market.loadConfig(env), runtime, noVenue),
    notifications: await openNotifications(notifications.loadConfig(env), runtime),
  };
}

export async function closeListeners(open: Listeners): Promise<void> {
  await Promise.all(Object.values(open).map((steps) => steps.close()));
}
