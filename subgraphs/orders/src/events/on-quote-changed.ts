import type { Envelope } from '@simplebank/contracts/event';
import type { QuoteChangedV1 } from '@simplebank/contracts/market';
import { Decimal } from '@simplebank/kernel/decimal';
import { recordQuotes } from '../commands/record-copies.ts';
import type { Transaction } from '../deps.ts';

export const onQuoteChanged = (
  tx: Transaction,
  events: readonly Envelope<QuoteChangedV1>[],
): Promise<void> =>
  recordQuotes(
    tx,
    events
      .flatMap(({ payload }) => payload.quotes)
      .map(({ assetId, bid, ask, last, sequence, at }) => ({
        assetId,
        bid: new Decimal(bid),
        ask: new Decimal(ask),
        last: new Decimal(last),
        sequence: BigInt(sequence),
        at: new Date(at),
      })),
  );
