import { openOperatorDoor as openAccounts } from '@simplebank/accounts/operate';
import { openOperatorDoor as openAssets } from '@simplebank/assets/operate';
import type { OperatorDoor } from '@simplebank/chassis/operator';
import type { Subscriber } from '@simplebank/contracts/subscriptions';
import { openOperatorDoor as openHoldings } from '@simplebank/holdings/operate';
import { openOperatorDoor as openMarket } from '@simplebank/market/operate';
import { openOperatorDoor as openNotifications } from '@simplebank/notifications/operate';
import { type OrdersDoor, openOperatorDoor as openOrders } from '@simplebank/orders/operate';
import {
  openOperatorDoor as openStrategies,
  type StrategiesDoor,
} from '@simplebank/strategies/operate';

export type Doors = Readonly<Record<Subscriber, OperatorDoor>> & {
  readonly orders: OrdersDoor;
  readonly strategies: StrategiesDoor;
};

/** Each context's own door with its own role; connects when first asked. */
export function openDoors(databaseUrls: Readonly<Record<string, string>>): Doors {
  const url = (name: Subscriber): string => databaseUrls[name] ?? '';
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

export async function closeDoors(doors: Doors): Promise<void> {
  await Promise.all(Object.values(doors).map((door) => door.close()));
}
