import { type Handler, handler } from '@simplebank/chassis/consumer';
import {
  OrderCancelRequestedV1,
  OrderOpenedV1,
  OrderRebasedV1,
} from '@simplebank/contracts/orders';
import type { Tx } from '../data/client.ts';
import type { Deps } from '../deps.ts';
import { copyHandlers } from './copies.ts';
import { onOrderCancelRequested } from './on-order-cancel-requested.ts';
import { onOrderOpened } from './on-order-opened.ts';
import { onOrderRebased } from './on-order-rebased.ts';

export const consumers = (deps: Deps): readonly Handler<Tx>[] => [
  ...copyHandlers,
  handler(OrderOpenedV1, onOrderOpened(deps), () => 'accept_order'),
  handler(OrderCancelRequestedV1, onOrderCancelRequested(deps)),
  handler(OrderRebasedV1, onOrderRebased(deps)),
];
