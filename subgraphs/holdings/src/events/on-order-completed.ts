import { causedBy, type Envelope } from '@simplebank/contracts/event';
import type { OrderCompletedV1 } from '@simplebank/contracts/orders';
import type { AccountId, AssetId, OrderId } from '@simplebank/kernel/ids';
import { endReservations } from '../commands/end-reservations.ts';
import type { Deps, Tx } from '../deps.ts';

export const onOrderCompleted =
  (deps: Deps) =>
  (tx: Tx, events: readonly Envelope<OrderCompletedV1>[]): Promise<void> => {
    const sales = events.filter(({ payload }) => payload.side === 'SELL');
    return endReservations(
      tx,
      deps,
      sales.map((event) => ({
        order: {
          orderId: event.payload.orderId as OrderId,
          accountId: event.payload.accountId as AccountId,
          assetId: event.payload.assetId as AssetId,
        },
        end: {
          executions: event.payload.executions,
          on: deps.hours.shareDateOf(new Date(event.occurredAt)),
        },
        cause: causedBy(event),
      })),
    );
  };
