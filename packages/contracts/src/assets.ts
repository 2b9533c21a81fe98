import { z } from 'zod';
import { currency, decimal, event, localDate, type PayloadOf } from './event.ts';
import { quote, quotesPerEventMax } from './market.ts';

export const assetTypes = ['STOCK', 'ETF', 'FUND', 'BOND', 'CASH'] as const;
export const assetStates = ['ACTIVE', 'HALTED', 'SELL_ONLY', 'DELISTED'] as const;

/** From which price on which tick holds, lowest first; the first begins at 0. */
const ticks = z
  .array(z.object({ from: decimal, tick: decimal }))
  .min(1)
  .max(20);

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
    ticks: ticks.optional(),
  }),
);
export type AssetUpdatedV1 = PayloadOf<typeof AssetUpdatedV1>;

/** The prices that the bank values with, after its sources were judged. */
export const QuotePublishedV1 = event(
  'assets.quote-published.v1',
  z.object({ quotes: z.array(quote).min(1).max(quotesPerEventMax) }),
);
export type QuotePublishedV1 = PayloadOf<typeof QuotePublishedV1>;

export const closesPerEventMax = 100;

/** What assets closed at on a trading day. A day can be told again: the highest version wins. */
export const PriceClosedV1 = event(
  'assets.price-closed.v1',
  z.object({
    date: localDate,
    closes: z
      .array(z.object({ assetId: z.uuid(), close: decimal, currency }))
      .min(1)
      .max(closesPerEventMax),
  }),
);
export type PriceClosedV1 = PayloadOf<typeof PriceClosedV1>;

/**
 * The ex-date has begun: positions are on the new basis. A dividend has a rate per share and a pay
 * date; a split has a ratio, new shares (`numerator`) for old ones (`denominator`).
 */
export const CorporateActionEffectiveV1 = event(
  'assets.corporate-action-effective.v1',
  z.object({
    actionId: z.uuid(),
    assetId: z.uuid(),
    symbol: z.string(),
    exDate: localDate,
    terms: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('DIVIDEND'), rate: decimal, currency, payDate: localDate }),
      z.object({
        kind: z.literal('SPLIT'),
        numerator: z.number().int().positive(),
        denominator: z.number().int().positive(),
      }),
    ]),
  }),
);
export type CorporateActionEffectiveV1 = PayloadOf<typeof CorporateActionEffectiveV1>;
