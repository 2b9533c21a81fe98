import { NotYet } from '@simplebank/chassis/consumer';
import { causedBy, type Envelope } from '@simplebank/contracts/event';
import type { RebalanceReadyV1 } from '@simplebank/contracts/strategies';
import { Decimal } from '@simplebank/kernel/decimal';
import { placeRebalance } from '../commands/place-rebalance-orders.ts';
import type { Deps, Transaction } from '../deps.ts';

export const onRebalanceReady =
  (deps: Deps) =>
  async (tx: Transaction, events: readonly Envelope<RebalanceReadyV1>[]): Promise<void> => {
    // One after the other: each is one phase of a run with up to a hundred parts of its own.
    for (const event of events) {
      const { parts, ...run } = event.payload;
      const cause = causedBy(event);
      const isPlaced = await placeRebalance(tx, deps, { ...run, parts: parts.map(partOf), cause });
      if (!isPlaced) throw new NotYet(`rebalancing ${run.runId}: not all is known yet`);
    }
  };

const partOf = (part: RebalanceReadyV1['parts'][number]) => ({
  assetId: part.assetId,
  side: part.side,
  quantity: part.side === 'SELL' ? new Decimal(part.quantity) : null,
  amount: part.side === 'BUY' ? new Decimal(part.amount) : null,
});
