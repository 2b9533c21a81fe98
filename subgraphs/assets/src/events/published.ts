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
  readonly version: number;
  readonly cause: Cause;
};

/** One aggregate for all quotes; readers go by the sequence of each quote. */
export const quotePublished = ({ quotes, version, cause }: Published): Fact<QuotePublishedV1> => ({
  contract: QuotePublishedV1,
  aggregateId: 'quotes',
  aggregateVersion: version,
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
