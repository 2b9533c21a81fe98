import { handler } from '@simplebank/chassis/consumer';
import type { Envelope } from '@simplebank/contracts/event';
import { OrderFilledV1 } from '@simplebank/contracts/orders';
import { Decimal } from '@simplebank/kernel/decimal';
import type { Tx } from '../data/client.ts';
import type { Deps } from '../deps.ts';
import { bookExecutions } from '../trades/index.ts';

/** One execution: spent from the hold, or credited as unsettled proceeds. */
export const onOrderFilled = (deps: Deps) =>
  handler<Tx, OrderFilledV1>(
    OrderFilledV1,
    (tx, events) => bookExecutions(deps, tx, events.map(toExecution)),
    () => 'capture_fee',
  );

function toExecution(event: Envelope<OrderFilledV1>) {
  const { orderId, executionId, accountId, side, currency, settlementDate } = event.payload;
  const { symbol, quantity, value, executions: nth } = event.payload;
  const { commission, sec, taf } = event.payload.fees;
  return {
    ...{ orderId, executionId, nth, accountId, side, currency, settlementDate, event },
    value: new Decimal(value),
    shares: { symbol, quantity: new Decimal(quantity) },
    fees: {
      commission: new Decimal(commission),
      sec: new Decimal(sec),
      taf: new Decimal(taf),
    },
  };
}
