import { type Handler, handler } from '@simplebank/chassis/consumer';
import {
  AccountOpenedV1,
  AccountStatusChangedV1,
  CustomerRegisteredV1,
  PaymentCompletedV1,
  PaymentFailedV1,
} from '@simplebank/contracts/accounts';
import { OrderCompletedV1 } from '@simplebank/contracts/orders';
import { StrategyOrderCompletedV1 } from '@simplebank/contracts/strategies';
import type { Tx } from '../data/client.ts';
import type { Deps } from '../deps.ts';
import { onAccountOpened, onAccountStatusChanged } from './on-account-events.ts';
import { onCustomerRegistered } from './on-customer-registered.ts';
import { onOrderCompleted } from './on-order-completed.ts';
import { onPaymentCompleted, onPaymentFailed } from './on-payment-events.ts';
import { onStrategyOrderCompleted } from './on-strategy-order-completed.ts';

export const consumers = (deps: Deps): readonly Handler<Tx>[] => [
  handler(CustomerRegisteredV1, onCustomerRegistered),
  handler(AccountOpenedV1, onAccountOpened(deps)),
  handler(AccountStatusChangedV1, onAccountStatusChanged(deps)),
  handler(PaymentCompletedV1, onPaymentCompleted(deps)),
  handler(PaymentFailedV1, onPaymentFailed(deps)),
  handler(OrderCompletedV1, onOrderCompleted(deps)),
  handler(StrategyOrderCompletedV1, onStrategyOrderCompleted(deps)),
];
