import type { QuotePublishedV1 } from '@simplebank/contracts/assets';
import type { Envelope } from '@simplebank/contracts/event';
import { Decimal } from '@simplebank/kernel/decimal';
import type { Tx } from '../data/client.ts';
import { keepPrices } from '../rebalancing/index.ts';

export const onQuotePublished = (
  tx: Tx,
  events: readonly Envelope<QuotePublishedV1>[],
): Promise<void> =>
  keepPrices(
    tx,
    events
      .flatMap(({ payload }) => payload.quotes)
      .map(({ assetId, last, sequence, at }) => {
        return { assetId, last: new Decimal(last), sequence, at: new Date(at) };
      }),
  );
