import { handler } from '@simplebank/chassis/consumer';
import type { Envelope } from '@simplebank/contracts/event';
import { OrderCompletedV1 } from '@simplebank/contracts/orders';
import { noteOrderEnds } from '../accounts/index.ts';
import type { Tx } from '../data/client.ts';
import type { Deps } from '../deps.ts';
import { endOrders } from '../trades/index.ts';

/** The order has ended: what is left of a buy's hold goes back once all it bought is booked. */
export const onOrderCompleted = (deps: Deps) =>
  handler<Tx, OrderCompletedV1>(OrderCompletedV1, async (tx, events) => {
    await endOrders(deps, tx, events.filter(isBuy).map(toEnd));
    await noteOrderEnds(deps, tx, events.map(toCopy));
  });

const toCopy = ({ payload: { orderId, accountId } }: Envelope<OrderCompletedV1>) => ({
  orderId,
  accountId,
});

const isBuy = ({ payload }: Envelope<OrderCompletedV1>) => payload.side === 'BUY';

const toEnd = (event: Envelope<OrderCompletedV1>) => ({
  orderId: event.payload.orderId,
  accountId: event.payload.accountId,
  executions: event.payload.executions,
  version: event.aggregateVersion,
  event,
});
