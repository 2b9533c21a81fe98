import { type Handler, handler } from '@simplebank/chassis/consumer';
import {
  AccountOpenedV1,
  AccountStatusChangedV1,
  PaymentCanceledV1,
  PaymentCompletedV1,
  PaymentCreatedV1,
  PaymentFailedV1,
  PlanFundingRefusedV1,
} from '@simplebank/contracts/accounts';
import { AssetUpdatedV1, QuotePublishedV1 } from '@simplebank/contracts/assets';
import type { Envelope } from '@simplebank/contracts/event';
import { PositionChangedV1 } from '@simplebank/contracts/holdings';
import { OrderCompletedV1, OrderCreatedV1, OrderRejectedV1 } from '@simplebank/contracts/orders';
import type { Tx } from '../data/client.ts';
import type { Deps } from '../deps.ts';
import { onAccountEvents } from './on-account-events.ts';
import { onAssetUpdated } from './on-asset-updated.ts';
import { onOrderCompleted, onOrderCreated, onOrderRejected } from './on-order-events.ts';
import { onPaymentEvents } from './on-payment-events.ts';
import { onPlanFundingRefused } from './on-plan-funding-refused.ts';
import { onPositionChanged } from './on-position-changed.ts';
import { onQuotePublished } from './on-quote-published.ts';
import {
  onRebalanceOrderCompleted,
  onRebalanceOrderCreated,
  onRebalanceOrderRejected,
} from './on-rebalance-orders.ts';

type Following<P> = (tx: Tx, events: readonly Envelope<P>[]) => Promise<void>;

/** An order belongs to an investment or to a rebalancing, and each takes its own. */
const both =
  <P>(one: Following<P>, other: Following<P>): Following<P> =>
  async (tx, events) => {
    await one(tx, events);
    await other(tx, events);
  };

export const consumers = (deps: Deps): readonly Handler<Tx>[] => [
  handler(AccountOpenedV1, onAccountEvents),
  handler(AccountStatusChangedV1, onAccountEvents),
  handler(PaymentCreatedV1, onPaymentEvents(deps, 'CREATED')),
  handler(PaymentCompletedV1, onPaymentEvents(deps, 'COMPLETED')),
  handler(PaymentFailedV1, onPaymentEvents(deps, 'FAILED')),
  handler(PaymentCanceledV1, onPaymentEvents(deps, 'CANCELED')),
  handler(PlanFundingRefusedV1, onPlanFundingRefused(deps)),
  handler(AssetUpdatedV1, onAssetUpdated),
  handler(PositionChangedV1, onPositionChanged),
  handler(QuotePublishedV1, onQuotePublished),
  handler(OrderCreatedV1, both(onOrderCreated(deps), onRebalanceOrderCreated(deps))),
  handler(OrderRejectedV1, both(onOrderRejected(deps), onRebalanceOrderRejected(deps))),
  handler(OrderCompletedV1, both(onOrderCompleted(deps), onRebalanceOrderCompleted(deps))),
];
