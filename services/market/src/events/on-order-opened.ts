import { causedBy, type Envelope } from '@simplebank/contracts/event';
import type { OrderOpenedV1 } from '@simplebank/contracts/orders';
import { Decimal } from '@simplebank/kernel/decimal';
import { openOrders } from '../commands/open-orders.ts';
import type { Tx } from '../data/client.ts';
import type { Deps } from '../deps.ts';

export const onOrderOpened =
  (deps: Deps) =>
  (tx: Tx, events: readonly Envelope<OrderOpenedV1>[]): Promise<void> =>
    openOrders(
      tx,
      deps,
      events.map((event) => newOrder(event, deps.clock.now())),
    );

function newOrder(event: Envelope<OrderOpenedV1>, openedAt: Date) {
  const { orderId, assetId, symbol, side, type, timeInForce, currency } = event.payload;
  const { quantity, tradeValue, limitPrice, stopPrice = null, expiresAt } = event.payload;
  return {
    ...causedBy(event),
    ...{ orderId, clientId: orderId, assetId, symbol, side, type, timeInForce, currency },
    quantity: quantity === null ? null : new Decimal(quantity),
    tradeValue: tradeValue === null ? null : new Decimal(tradeValue),
    limitPrice: new Decimal(limitPrice),
    stopPrice: stopPrice === null ? null : new Decimal(stopPrice),
    expiresAt: new Date(expiresAt),
    openedAt,
    openedVersion: event.aggregateVersion,
  };
}
