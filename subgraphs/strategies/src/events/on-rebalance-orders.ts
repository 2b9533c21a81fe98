import { causedBy, type Envelope } from '@simplebank/contracts/event';
import type {
  OrderCompletedV1,
  OrderCreatedV1,
  OrderRejectedV1,
} from '@simplebank/contracts/orders';
import { Decimal } from '@simplebank/kernel/decimal';
import { actorOfEvent } from '../commands/audit.ts';
import type { Tx } from '../data/client.ts';
import type { Deps } from '../deps.ts';
import type { ItemNews } from '../rebalancing/domain/item.ts';
import { followRebalanceOrders } from '../rebalancing/index.ts';

type OrderEvent = {
  readonly rebalanceRunId?: string | null | undefined;
  readonly side: 'BUY' | 'SELL';
  readonly assetId: string;
};

/** Most orders belong to no rebalancing; their events are none of our business. */
const follows =
  <Payload extends OrderEvent>(deps: Deps, newsOf: (event: Envelope<Payload>) => ItemNews) =>
  async (tx: Tx, events: readonly Envelope<Payload>[]): Promise<void> => {
    const told = events.flatMap((event) => {
      const { rebalanceRunId: runId, side, assetId } = event.payload;
      if (runId === null || runId === undefined) return [];
      const from = { by: actorOfEvent(event), cause: causedBy(event) };
      return [{ runId, side, assetId, news: newsOf(event), ...from }];
    });
    if (told.length > 0) await followRebalanceOrders(tx, deps, told);
  };

export const onRebalanceOrderCreated = (deps: Deps) =>
  follows<OrderCreatedV1>(deps, ({ payload: { orderId } }) => ({ kind: 'ORDERED', orderId }));

export const onRebalanceOrderRejected = (deps: Deps) =>
  follows<OrderRejectedV1>(deps, ({ payload: { orderId, code } }) => {
    return { kind: 'REFUSED', orderId, code };
  });

export const onRebalanceOrderCompleted = (deps: Deps) =>
  follows<OrderCompletedV1>(deps, ({ aggregateVersion: orderVersion, payload }) => {
    const { orderId, status: orderStatus, code } = payload;
    const filledQuantity = new Decimal(payload.filledQuantity);
    const filledValue = new Decimal(payload.value);
    const fees = new Decimal(payload.fees);
    const end = { orderId, orderStatus, orderVersion, code };
    return { kind: 'COMPLETED', ...end, filledQuantity, filledValue, fees };
  });
