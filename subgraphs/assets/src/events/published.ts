import { AssetUpdatedV1, QuotePublishedV1 } from '@simplebank/contracts/assets';
import type { Cause, Fact } from '@simplebank/contracts/event';
import type { Asset } from '../domain/asset.ts';
import type { Quote } from '../domain/quote.ts';

export const assetUpdated = (asset: Asset, cause: Cause): Fact<AssetUpdatedV1> => ({
  contract: AssetUpdatedV1,
  aggregateId: asset.id,
  aggregateVersion: asset.version,
  cause,
  payload: {
    assetId: asset.id,
    symbol: asset.symbol,
    name: asset.name,
    type: asset.type,
    sector: asset.sector,
    currency: asset.currency,
    fractionable: asset.fractionable,
    state: asset.state,
  },
});

type Published = {
  readonly quotes: readonly Quote[];
  readonly eventId: string;
  readonly cause: Cause;
};

/**
 * Each event is an aggregate of its own, named after the market's: readers go by the sequence of
 * each quote, and an event that a reader cannot apply holds up none after it.
 */
export const quotePublished = ({ quotes, eventId, cause }: Published): Fact<QuotePublishedV1> => ({
  contract: QuotePublishedV1,
  aggregateId: `quotes:${eventId}`,
  aggregateVersion: 1,
  cause,
  payload: {
    quotes: quotes.map(({ assetId, bid, ask, last, sequence, at }) => ({
      assetId,
      bid: bid.toFixed(),
      ask: ask.toFixed(),
      last: last.toFixed(),
      sequence,
      at: at.toISOString(),
    })),
  },
});
