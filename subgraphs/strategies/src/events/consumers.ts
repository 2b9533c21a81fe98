import { type Handler, handler } from '@simplebank/chassis/consumer';
import {
  PaymentCanceledV1,
  PaymentCompletedV1,
  PaymentCreatedV1,
  PaymentFailedV1,
  PlanFundingRefusedV1,
} from '@simplebank/contracts/accounts';
import type { Envelope } from '@simplebank/contracts/event';
import { OrderCompletedV1, OrderCreatedV1, OrderRejectedV1 } from '@simplebank/contracts/orders';
import type { Tx } from '../data/client.ts';
import type { Deps } from '../deps.ts';
import { copyHandlers } from './copies.ts';
import { onOrderCompleted, onOrderCreated, onOrderRejected } from './on-order-events.ts';
import { onPaymentEvents } from './on-payment-events.ts';
import { onPlanFundingRefused } from './on-plan-funding-refused.ts';
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
  ...copyHandlers,
  handler(PaymentCreatedV1, onPaymentEvents(deps, 'CREATED')),
  handler(PaymentCompletedV1, onPaymentEvents(deps, 'COMPLETED')),
  handler(PaymentFailedV1, onPaymentEvents(deps, 'FAILED')),
  handler(PaymentCanceledV1, onPaymentEvents(deps, 'CANCELED')),
  handler(PlanFundingRefusedV1, onPlanFundingRefused(deps)),
  handler(OrderCreatedV1, both(onOrderCreated(deps), onRebalanceOrderCreated(deps))),
  handler(OrderRejectedV1, both(onOrderRejected(deps), onRebalanceOrderRejected(deps))),
  handler(OrderCompletedV1, both(onOrderCompleted(deps), onRebalanceOrderCompleted(deps))),
];
