import type { Cause, Fact } from '@simplebank/contracts/event';
import {
  OrderCancelRefusedV1,
  OrderFailedV1,
  OrderPlacedV1,
  QuoteChangedV1,
  TradeExecutedV1,
  VenueOrderCanceledV1,
  VenueOrderExpiredV1,
} from '@simplebank/contracts/market';
import type { Decimal } from '@simplebank/kernel/decimal';
import type { News, VenueOrder } from '../domain/venue-order.ts';

/** The facts of one order; the last of them has the order's event version. */
export function orderFacts(
  { orderId, eventVersion }: VenueOrder,
  news: readonly News[],
  cause: Cause,
): readonly Fact[] {
  const first = eventVersion - news.length + 1;
  return news.map((piece, index) => ({
    ...contractAndPayload(orderId, piece),
    aggregateId: orderId,
    aggregateVersion: first + index,
    cause,
  }));
}

function contractAndPayload(orderId: string, news: News): Pick<Fact, 'contract' | 'payload'> {
  switch (news.kind) {
    case 'PLACED': {
      const { venueOrderId, placedAt } = news;
      const payload = { orderId, venueOrderId, placedAt: placedAt.toISOString() };
      return { contract: OrderPlacedV1, payload };
    }
    case 'EXECUTED': {
      const { executionId, executedAt } = news;
      const quantity = news.quantity.toFixed();
      const price = news.price.toFixed();
      const at = executedAt.toISOString();
      const payload = { orderId, executionId, quantity, price, executedAt: at };
      return { contract: TradeExecutedV1, payload };
    }
    case 'CANCELED':
      return { contract: VenueOrderCanceledV1, payload: { orderId, executions: news.executions } };
    case 'EXPIRED':
      return { contract: VenueOrderExpiredV1, payload: { orderId, executions: news.executions } };
    case 'FAILED': {
      const { executions, reason } = news;
      const payload = { orderId, executions, code: 'VENUE_REJECTED', reason };
      return { contract: OrderFailedV1, payload };
    }
    case 'CANCEL_REFUSED':
      return { contract: OrderCancelRefusedV1, payload: { orderId, reason: news.reason } };
    default:
      return news satisfies never;
  }
}

export type PublishedQuote = {
  readonly assetId: string;
  readonly bid: Decimal;
  readonly ask: Decimal;
  readonly last: Decimal;
  readonly bidSize: Decimal | null;
  readonly askSize: Decimal | null;
  readonly source: string;
  readonly sequence: number;
  readonly at: Date;
};

/** Each event is an aggregate of its own: the sequence of a quote says which is newer. */
export const quotesChanged = (quotes: readonly PublishedQuote[], id: string): Fact => ({
  contract: QuoteChangedV1,
  aggregateId: `quotes:${id}`,
  aggregateVersion: 1,
  payload: {
    quotes: quotes.map(({ assetId, bid, ask, last, bidSize, askSize, source, sequence, at }) => {
      const prices = { bid: bid.toFixed(), ask: ask.toFixed(), last: last.toFixed() };
      const sizes = {
        bidSize: bidSize?.toFixed() ?? null,
        askSize: askSize?.toFixed() ?? null,
      };
      return { assetId, ...prices, ...sizes, source, sequence, at: at.toISOString() };
    }),
  },
  cause: { correlationId: id, causationId: null, traceparent: null },
});
