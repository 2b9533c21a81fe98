import type { OrderCompletedV1, OrderRejectedV1 } from '@simplebank/contracts/orders';
import type { Deps } from '../deps.ts';
import { tells } from './occasion.ts';

/** What an order is a part of sends one mail for all of it. */
const partOfWhole = { inAppOnly: 'PART_OF_WHOLE' } as const;

const isPart = (order: Pick<OrderCompletedV1, 'strategyOrderId' | 'rebalanceRunId'>): boolean =>
  order.strategyOrderId !== null || (order.rebalanceRunId ?? null) !== null;

/** An order that never traded because it was refused gets other words than one that ended. */
export const onOrderCompleted = (deps: Deps) =>
  tells<OrderCompletedV1>(deps, (order) => {
    const { accountId, side, symbol, status, code, currency, value } = order;
    const refused = status === 'REJECTED' || status === 'FAILED';
    const facts = { side, symbol, status, currency, value, quantity: order.filledQuantity };
    const told = { accountId, ...(isPart(order) ? partOfWhole : {}) };
    return refused
      ? { ...told, template: 'ORDER_REFUSED', facts: { ...facts, code: code ?? status } }
      : { ...told, template: 'ORDER_COMPLETED', facts };
  });

/** Every order is told of when it completes; only a part that never became one is told of here. */
export const onOrderRejected = (deps: Deps) =>
  tells<OrderRejectedV1>(deps, ({ orderId, accountId, side, symbol, code }) => {
    if (orderId !== null) return null;
    const facts = { side, symbol, code };
    return { template: 'INVESTMENT_PART_REFUSED', accountId, facts, ...partOfWhole };
  });
