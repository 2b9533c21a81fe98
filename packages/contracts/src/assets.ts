import { z } from 'zod';
import { currency, decimal, event, localDate, type PayloadOf } from './event.ts';
import { quote, quotesPerEventMax } from './market.ts';

export const assetTypes = ['STOCK', 'ETF', 'FUND', 'BOND', 'CASH'] as const;
export const assetStates = ['ACTIVE', 'HALTED', 'SELL_ONLY', 'DELISTED'] as const;

/** Master data of one asset, whole; the highest aggregate version wins. */
export const AssetUpdatedV1 = event(
  'assets.asset-updated.v1',
  z.object({
    assetId: z.uuid(),
    symbol: z.string(),
    name: z.string(),
    type: z.enum(assetTypes),
    sector: z.string().nullable(),
    currency,
    fractionable: z.boolean(),
    state: z.enum(assetStates),
  }),
);
export type AssetUpdatedV1 = PayloadOf<typeof AssetUpdatedV1>;

/** The prices that the bank values with, after its sources were judged. */
export const QuotePublishedV1 = event(
  'assets.quote-published.v1',
  z.object({ quotes: z.array(quote).min(1).max(quotesPerEventMax) }),
);
export type QuotePublishedV1 = PayloadOf<typeof QuotePublishedV1>;

export const PriceClosedV1 = event(
  'assets.price-closed.v1',
  z.object({ assetId: z.uuid(), date: localDate, close: decimal, currency }),
);
export type PriceClosedV1 = PayloadOf<typeof PriceClosedV1>;
