import type { Envelope } from '@simplebank/contracts/event';
import type { OrderRebasedV1 } from '@simplebank/contracts/orders';
import { Decimal } from '@simplebank/kernel/decimal';
import { rebaseOrders } from '../commands/rebase-orders.ts';
import type { Tx } from '../data/client.ts';
import type { Deps } from '../deps.ts';

export const onOrderRebased =
  (deps: Deps) =>
  (tx: Tx, events: readonly Envelope<OrderRebasedV1>[]): Promise<void> =>
    rebaseOrders(
      tx,
      deps,
      events.map(({ aggregateVersion: version, payload }) => {
        const { orderId, actionId, exDate, numerator, denominator, stopPrice } = payload;
        return {
          ...{ orderId, version, actionId, exDate, numerator, denominator },
          quantity: payload.quantity === null ? null : new Decimal(payload.quantity),
          limitPrice: new Decimal(payload.limitPrice),
          stopPrice: stopPrice === null ? null : new Decimal(stopPrice),
          recordedAt: deps.clock.now(),
        };
      }),
    );
