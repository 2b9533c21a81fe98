import type { Envelope } from '@simplebank/contracts/event';
import type { OrderCancelRequestedV1 } from '@simplebank/contracts/orders';
import { requestCancels } from '../commands/request-cancels.ts';
import type { Tx } from '../data/client.ts';
import type { Deps } from '../deps.ts';

export const onOrderCancelRequested =
  (deps: Deps) =>
  (tx: Tx, events: readonly Envelope<OrderCancelRequestedV1>[]): Promise<void> =>
    requestCancels(tx, deps, [...new Set(events.map(({ payload }) => payload.orderId))]);
