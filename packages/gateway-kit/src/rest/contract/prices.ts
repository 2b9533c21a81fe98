import { z } from 'zod';
import { restRoute } from '../rest.ts';
import { decimalShown, instantShown, listOf } from '../rest-fields.ts';

const keptMs = 300_000;
const symbolCharsMax = 32;

type PricesData = { readonly prices: readonly PricedAsset[] };
type PricedAsset = {
  readonly symbol: string;
  readonly price: string | null;
  readonly quote: { readonly at: string; readonly isStale: boolean } | null;
};

const symbolText = z
  .string()
  .min(1, 'expected a symbol')
  .max(symbolCharsMax, 'expected a symbol')
  .transform((text) => text.toUpperCase());

const symbolList = listOf(symbolText, 'symbols')
  .transform((symbols) => [...new Set(symbols)].sort())
  .optional()
  .describe('At most 100 symbols with commas between them; without any, all assets.');

const priceShown = z.object({
  symbol: z.string(),
  price: decimalShown.nullable().describe('Null until the first quote.'),
  asOf: instantShown.nullable(),
  stale: z
    .boolean()
    .describe('Older than it should be: a fallback, or without quotes while the market is open.'),
});

/** GET /prices: the last prices, the same ones for five minutes; older ones are marked. */
export const prices = restRoute({
  name: 'listPrices',
  title: 'Last prices',
  method: 'GET',
  path: '/prices',
  access: 'anyone',
  query: z.object({ symbols: symbolList }),
  keptMs,
  operation: `
    query RestPrices($symbols: [String!]) {
      prices(symbols: $symbols) { symbol price quote { at isStale } }
    }
  `,
  variables: ({ symbols }) => ({ symbols: symbols ?? null }),
  success: {
    status: 200,
    description: 'By symbol, at most 1,000; unknown symbols are left out.',
    schema: z.array(priceShown),
  },
  answer: (data: PricesData, { stale }) => ({
    status: 200,
    body: data.prices.map(({ symbol, price, quote }) => ({
      symbol,
      price,
      asOf: quote?.at ?? null,
      stale: stale || (quote?.isStale ?? false),
    })),
  }),
});
