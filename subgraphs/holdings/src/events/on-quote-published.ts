import type { QuotePublishedV1 } from '@simplebank/contracts/assets';
import type { Envelope } from '@simplebank/contracts/event';
import { Decimal } from '@simplebank/kernel/decimal';
import type { AssetId } from '@simplebank/kernel/ids';
import { keepPrices } from '../commands/keep-copies.ts';
import type { Tx } from '../deps.ts';

export const onQuotePublished = (
  tx: Tx,
  events: readonly Envelope<QuotePublishedV1>[],
): Promise<void> =>
  keepPrices(
    tx,
    events
      .flatMap(({ payload }) => payload.quotes)
      .map(({ assetId, last, sequence, at }) => ({
        assetId: assetId as AssetId,
        last: new Decimal(last),
        sequence,
        at: new Date(at),
      })),
  );
