import { type Handler, handler } from '@simplebank/chassis/consumer';
import {
  AccountOpenedV1,
  AccountStatusChangedV1,
  PaymentCanceledV1,
  PaymentCompletedV1,
  PaymentCreatedV1,
  PaymentFailedV1,
} from '@simplebank/contracts/accounts';
import { AssetUpdatedV1 } from '@simplebank/contracts/assets';
import { OrderCompletedV1, OrderCreatedV1, OrderRejectedV1 } from '@simplebank/contracts/orders';
import type { Tx } from '../data/client.ts';
import type { Deps } from '../deps.ts';
import { onAccountEvents } from './on-account-events.ts';
import { onAssetUpdated } from './on-asset-updated.ts';
import { onOrderCompleted, onOrderCreated, onOrderRejected } from './on-order-events.ts';
import { onPaymentEvents } from './on-payment-events.ts';

export const consumers = (deps: Deps): readonly Handler<Tx>[] => [
  handler(AccountOpenedV1, onAccountEvents),
  handler(AccountStatusChangedV1, onAccountEvents),
  handler(PaymentCreatedV1, onPaymentEvents(deps, 'CREATED')),
  handler(PaymentCompletedV1, onPaymentEvents(deps, 'COMPLETED')),
  handler(PaymentFailedV1, onPaymentEvents(deps, 'FAILED')),
  handler(PaymentCanceledV1, onPaymentEvents(deps, 'CANCELED')),
  handler(AssetUpdatedV1, onAssetUpdated),
  handler(OrderCreatedV1, onOrderCreated(deps)),
  handler(OrderRejectedV1, onOrderRejected(deps)),
  handler(OrderCompletedV1, onOrderCompleted(deps)),
];
