import { causedBy, type Envelope } from '@simplebank/contracts/event';
import type { OrderCreatedV1 } from '@simplebank/contracts/orders';
import { Decimal } from '@simplebank/kernel/decimal';
import type { AccountId, AssetId, OrderId } from '@simplebank/kernel/ids';
import { reservePositions } from '../commands/reserve-positions.ts';
import type { Deps, Tx } from '../deps.ts';

export const onOrderCreated =
  (deps: Deps) =>
  (tx: Tx, events: readonly Envelope<OrderCreatedV1>[]): Promise<void> => {
    const sales = events.filter(({ payload }) => payload.side === 'SELL');
    return reservePositions(
      tx,
      deps,
      sales.map((event) => ({ ask: askOf(deps, event), cause: causedBy(event) })),
    );
  };

function askOf({ hours }: Pick<Deps, 'hours'>, { payload, occurredAt }: Envelope<OrderCreatedV1>) {
  const { orderId, accountId, assetId, quantity } = payload;
  if (quantity === null) throw new Error(`sale ${orderId} has no quantity`);
  return {
    orderId: orderId as OrderId,
    accountId: accountId as AccountId,
    assetId: assetId as AssetId,
    quantity: new Decimal(quantity),
    askedOn: hours.shareDateOf(new Date(occurredAt)),
  };
}
