import { NotYet } from '@simplebank/chassis/consumer';
import { causedBy, type Envelope } from '@simplebank/contracts/event';
import type { StrategyOrderReadyV1 } from '@simplebank/contracts/strategies';
import { Decimal } from '@simplebank/kernel/decimal';
import { placeStrategyOrder } from '../commands/place-strategy-orders.ts';
import type { Deps, Transaction } from '../deps.ts';

export const onStrategyOrderReady =
  (deps: Deps) =>
  async (tx: Transaction, events: readonly Envelope<StrategyOrderReadyV1>[]): Promise<void> => {
    // One after the other: each is one investment with up to a hundred parts of its own.
    for (const event of events) {
      const { strategyOrderId, customerId, accountId, currency, parts } = event.payload;
      const isPlaced = await placeStrategyOrder(tx, deps, {
        strategyOrderId,
        accountId,
        customerId,
        currency,
        parts: parts.map(({ assetId, amount }) => ({ assetId, amount: new Decimal(amount) })),
        cause: causedBy(event),
      });
      if (!isPlaced) throw new NotYet(`strategy order ${strategyOrderId}: not all is known yet`);
    }
  };
