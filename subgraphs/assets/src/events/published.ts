import {
  AssetUpdatedV1,
  CorporateActionEffectiveV1,
  closesPerEventMax,
  PriceClosedV1,
  QuotePublishedV1,
} from '@simplebank/contracts/assets';
import type { Cause, Fact } from '@simplebank/contracts/event';
import type { CorporateAction, Terms } from '../actions/domain/action.ts';
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
    ticks: asset.ticks.map(({ from, tick }) => ({ from: from.toFixed(), tick: tick.toFixed() })),
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
    quotes: quotes.map(({ assetId, bid, ask, last, sequence, at, ...sizes }) => ({
      assetId,
      bid: bid.toFixed(),
      ask: ask.toFixed(),
      last: last.toFixed(),
      bidSize: sizes.bidSize?.toFixed() ?? null,
      askSize: sizes.askSize?.toFixed() ?? null,
      sequence,
      at: at.toISOString(),
    })),
  },
});

type Close = {
  readonly date: string;
  readonly assetId: string;
  readonly close: string;
  readonly currency: string;
  readonly version: number;
};

/** Closes of one day and one version, at most 100 in each event. */
export function priceClosed(closes: readonly Close[], cause: Cause): Fact<PriceClosedV1>[] {
  const pages = Array.from({ length: Math.ceil(closes.length / closesPerEventMax) }, (_, page) =>
    closes.slice(page * closesPerEventMax, (page + 1) * closesPerEventMax),
  );
  return pages.flatMap((page) => {
    const [first] = page;
    if (!first) return [];
    const { date, assetId, version } = first;
    return {
      contract: PriceClosedV1,
      aggregateId: `closes:${date}:${assetId}`,
      aggregateVersion: version,
      cause,
      payload: {
        date,
        closes: page.map(({ assetId, close, currency }) => ({ assetId, close, currency })),
      },
    };
  });
}

export const corporateActionEffective = (
  action: CorporateAction,
  symbol: string,
  cause: Cause,
): Fact<CorporateActionEffectiveV1> => ({
  contract: CorporateActionEffectiveV1,
  aggregateId: action.id,
  aggregateVersion: action.version,
  cause,
  payload: {
    ...{ actionId: action.id, assetId: action.assetId, symbol, exDate: action.exDate },
    terms: termsTold(action.terms),
  },
});

const termsTold = (terms: Terms): CorporateActionEffectiveV1['terms'] =>
  terms.kind === 'SPLIT' ? terms : { ...terms, rate: terms.rate.toFixed() };
