import { type Handler, handler } from '@simplebank/chassis/consumer';
import { AssetUpdatedV1 } from '@simplebank/contracts/assets';
import {
  OrderCancelRequestedV1,
  OrderOpenedV1,
  OrderRebasedV1,
} from '@simplebank/contracts/orders';
import type { Tx } from '../data/client.ts';
import type { Deps } from '../deps.ts';
import { onAssetUpdated } from './on-asset-updated.ts';
import { onOrderCancelRequested } from './on-order-cancel-requested.ts';
import { onOrderOpened } from './on-order-opened.ts';
import { onOrderRebased } from './on-order-rebased.ts';

export const consumers = (deps: Deps): readonly Handler<Tx>[] => [
  handler(OrderOpenedV1, onOrderOpened(deps), () => 'accept_order'),
  handler(OrderCancelRequestedV1, onOrderCancelRequested(deps)),
  handler(OrderRebasedV1, onOrderRebased(deps)),
  handler(AssetUpdatedV1, onAssetUpdated),
];
