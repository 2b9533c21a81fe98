import type { OrderCompletedV1 } from '@simplebank/contracts/orders';
import type { Deps } from '../deps.ts';
import { tells } from './occasion.ts';

/** An order that never traded because it was refused gets other words than one that ended. */
export const onOrderCompleted = (deps: Deps) =>
  tells<OrderCompletedV1>(deps, (order) => {
    const { accountId, side, symbol, status, code, currency, value } = order;
    const refused = status === 'REJECTED' || status === 'FAILED';
    const facts = { side, symbol, status, currency, value, quantity: order.filledQuantity };
    return refused
      ? { kind: 'ORDER_REFUSED', accountId, facts: { ...facts, code: code ?? status } }
      : { kind: 'ORDER_COMPLETED', accountId, facts };
  });
