import { z } from 'zod';
import { restRoute } from '../rest.ts';
import { decimalShown, idShown, idText, instantShown, shownId, uuidShown } from '../rest-fields.ts';

type HoldingsData = { readonly holdings: readonly HoldingRow[] };
type HoldingRow = {
  readonly accountId: string;
  readonly accountNumber: string | null;
  readonly asset: { readonly id: string } | null;
  readonly symbol: string | null;
  readonly name: string | null;
  readonly quantity: string;
  readonly price: string | null;
  readonly value: { readonly amount: string } | null;
  readonly asOf: string | null;
};

const holdingShown = z.object({
  accountId: idShown,
  asset: z.object({
    id: uuidShown.nullable(),
    symbol: z.string().nullable(),
    name: z.string().nullable(),
  }),
  quantity: decimalShown,
  price: decimalShown.nullable(),
  value: decimalShown.nullable(),
  asOf: instantShown.nullable().describe('When the price is from.'),
  degraded: z.literal(true).optional().describe('There was no price, and so no value.'),
});

/** GET /holdings: what the caller's accounts hold, or one of them. Needs holdings alone. */
export const holdings = restRoute({
  name: 'listHoldings',
  title: "What the caller's accounts hold, or one of them",
  method: 'GET',
  path: '/holdings',
  access: 'signed-in',
  query: z.object({ accountId: idText.optional() }),
  operation: `
    query RestHoldings($accountId: ID) {
      holdings(accountId: $accountId) {
        accountId accountNumber asset { id } symbol name quantity price value { amount } asOf
      }
    }
  `,
  variables: ({ accountId }) => ({ accountId }),
  success: {
    status: 200,
    description: 'All positions, at most 1,000.',
    schema: z.array(holdingShown),
  },
  errors: [404],
  answer: (data: HoldingsData) => ({ status: 200, body: data.holdings.map(shown) }),
});

/** A value needs a price; without one the rest of the row is still true, and says so. */
const shown = ({ accountId, accountNumber, asset, symbol, name, value, ...rest }: HoldingRow) => ({
  accountId: shownId(accountNumber, accountId),
  asset: { id: asset?.id ?? null, symbol, name },
  quantity: rest.quantity,
  price: rest.price,
  value: value?.amount ?? null,
  asOf: rest.asOf,
  ...(value ? {} : { degraded: true }),
});
