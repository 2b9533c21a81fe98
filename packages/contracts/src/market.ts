import { z } from 'zod';
import { decimal, event, instant, type PayloadOf } from './event.ts';

const venueOrder = { orderId: z.uuid() };
/** How many executions the venue made before this end, so that a reader can wait for them all. */
const ended = { ...venueOrder, executions: z.number().int().nonnegative() };

export const OrderPlacedV1 = event(
  'market.order-placed.v1',
  z.object({ ...venueOrder, venueOrderId: z.string(), placedAt: instant }),
);
export type OrderPlacedV1 = PayloadOf<typeof OrderPlacedV1>;

export const TradeExecutedV1 = event(
  'market.trade-executed.v1',
  z.object({
    ...venueOrder,
    executionId: z.string(),
    quantity: decimal,
    price: decimal,
    executedAt: instant,
  }),
);
export type TradeExecutedV1 = PayloadOf<typeof TradeExecutedV1>;

/** The venue refused the order, or could not carry it to its end. Final. */
export const OrderFailedV1 = event(
  'market.order-failed.v1',
  z.object({ ...ended, code: z.enum(['VENUE_REJECTED', 'VENUE_FAILED']), reason: z.string() }),
);
export type OrderFailedV1 = PayloadOf<typeof OrderFailedV1>;

export const VenueOrderExpiredV1 = event('market.order-expired.v1', z.object(ended));
export type VenueOrderExpiredV1 = PayloadOf<typeof VenueOrderExpiredV1>;

export const VenueOrderCanceledV1 = event('market.order-canceled.v1', z.object(ended));
export type VenueOrderCanceledV1 = PayloadOf<typeof VenueOrderCanceledV1>;

export const OrderCancelRefusedV1 = event(
  'market.order-cancel-refused.v1',
  z.object({ ...venueOrder, reason: z.string() }),
);
export type OrderCancelRefusedV1 = PayloadOf<typeof OrderCancelRefusedV1>;

/** A quote of one asset. The higher `sequence` wins; no clock decides. */
export const quote = z.object({
  assetId: z.uuid(),
  bid: decimal,
  ask: decimal,
  last: decimal,
  /** How much is wanted and offered at these prices; null when the source does not say. */
  bidSize: decimal.nullable().optional(),
  askSize: decimal.nullable().optional(),
  /** Who quoted it. */
  source: z.string().max(64).optional(),
  sequence: z.number().int().positive(),
  at: instant,
});
export type Quote = z.infer<typeof quote>;

export const quotesPerEventMax = 100;

/** One event carries the quotes of many assets: five hundred assets quote all day long. */
export const QuoteChangedV1 = event(
  'market.quote-changed.v1',
  z.object({ quotes: z.array(quote).min(1).max(quotesPerEventMax) }),
);
export type QuoteChangedV1 = PayloadOf<typeof QuoteChangedV1>;
