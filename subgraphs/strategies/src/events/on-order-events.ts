import { causedBy, type Envelope } from '@simplebank/contracts/event';
import type {
  OrderCompletedV1,
  OrderCreatedV1,
  OrderRejectedV1,
} from '@simplebank/contracts/orders';
import { actorOfEvent } from '../commands/audit.ts';
import type { Tx } from '../data/client.ts';
import type { Deps } from '../deps.ts';
import type { PartNews } from '../investing/domain/part.ts';
import { followOrders } from '../investing/index.ts';

type OrderEvent = { readonly strategyOrderId: string | null; readonly assetId: string };

/** Most orders belong to no strategy order; their events are none of our business. */
const follows =
  <Payload extends OrderEvent>(deps: Deps, newsOf: (event: Envelope<Payload>) => PartNews) =>
  async (tx: Tx, events: readonly Envelope<Payload>[]): Promise<void> => {
    const told = events.flatMap((event) => {
      const { strategyOrderId, assetId } = event.payload;
      if (strategyOrderId === null) return [];
      const story = { by: actorOfEvent(event), cause: causedBy(event) };
      return [{ strategyOrderId, assetId, news: newsOf(event), story }];
    });
    if (told.length > 0) await followOrders(tx, deps, told);
  };

export const onOrderCreated = (deps: Deps) =>
  follows<OrderCreatedV1>(deps, ({ payload: { orderId } }) => ({ kind: 'ORDERED', orderId }));

export const onOrderRejected = (deps: Deps) =>
  follows<OrderRejectedV1>(deps, ({ payload: { orderId, code } }) => {
    return { kind: 'REFUSED', orderId, code };
  });

export const onOrderCompleted = (deps: Deps) =>
  follows<OrderCompletedV1>(deps, ({ aggregateVersion: orderVersion, payload }) => {
    const { orderId, status: orderStatus, code } = payload;
    return { kind: 'COMPLETED', orderId, orderStatus, orderVersion, code };
  });
