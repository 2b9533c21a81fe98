import { handler } from '@simplebank/chassis/consumer';
import type { Envelope } from '@simplebank/contracts/event';
import { OrderCompletedV1 } from '@simplebank/contracts/orders';
import type { Tx } from '../data/client.ts';
import type { Deps } from '../deps.ts';
import { endOrders } from '../trades/index.ts';

/** The order has ended: what is left of a buy's hold goes back once all it bought is booked. */
export const onOrderCompleted = (deps: Deps) =>
  handler<Tx, OrderCompletedV1>(OrderCompletedV1, (tx, events) =>
    endOrders(deps, tx, events.filter(isBuy).map(toEnd)),
  );

const isBuy = ({ payload }: Envelope<OrderCompletedV1>) => payload.side === 'BUY';

const toEnd = ({ payload, aggregateVersion }: Envelope<OrderCompletedV1>) => ({
  orderId: payload.orderId,
  accountId: payload.accountId,
  executions: payload.executions,
  version: aggregateVersion,
});
