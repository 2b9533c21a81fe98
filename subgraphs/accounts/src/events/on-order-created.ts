import { handler } from '@simplebank/chassis/consumer';
import { causedBy, type Envelope } from '@simplebank/contracts/event';
import { OrderCreatedV1 } from '@simplebank/contracts/orders';
import { Decimal } from '@simplebank/kernel/decimal';
import { noteOrders } from '../accounts/index.ts';
import type { Tx } from '../data/client.ts';
import type { Deps } from '../deps.ts';
import { holdFunds } from '../trades/index.ts';

/** A buy needs money set aside; a sale is the business of holdings. Both keep an account open. */
export const onOrderCreated = (deps: Deps) =>
  handler<Tx, OrderCreatedV1>(
    OrderCreatedV1,
    async (tx, events) => {
      await holdFunds(deps, tx, events.filter(isBuy).map(toAsk));
      await noteOrders(deps, tx, events.map(toCopy));
    },
    (event) => (isBuy(event) ? 'hold_funds' : null),
  );

const toCopy = ({ payload: { orderId, accountId } }: Envelope<OrderCreatedV1>) => ({
  orderId,
  accountId,
});

const isBuy = ({ payload }: Envelope<OrderCreatedV1>) => payload.side === 'BUY';

function toAsk(event: Envelope<OrderCreatedV1>) {
  const { orderId, accountId, currency, holdAmount } = event.payload;
  if (holdAmount === null) throw new Error(`buy ${orderId} does not say what to hold`);
  const amount = new Decimal(holdAmount);
  return { orderId, accountId, currency, amount, cause: causedBy(event) };
}
