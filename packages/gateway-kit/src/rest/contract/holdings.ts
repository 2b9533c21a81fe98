import { z } from 'zod';
import { idText, restRoute } from '../rest.ts';

type HoldingsData = { readonly holdings: readonly HoldingRow[] };
type HoldingRow = {
  readonly accountId: string;
  readonly asset: { readonly id: string } | null;
  readonly symbol: string | null;
  readonly name: string | null;
  readonly quantity: string;
  readonly price: string | null;
  readonly value: { readonly amount: string } | null;
  readonly asOf: string | null;
};

/** GET /holdings: what the caller's accounts hold, or one of them. Needs holdings alone. */
export const holdings = restRoute({
  method: 'GET',
  path: '/holdings',
  input: z.object({ accountId: idText.optional() }),
  operation: `
    query RestHoldings($accountId: ID) {
      holdings(accountId: $accountId) {
        accountId asset { id } symbol name quantity price value { amount } asOf
      }
    }
  `,
  variables: ({ accountId }) => ({ accountId }),
  answer: (data: HoldingsData) => ({ status: 200, body: data.holdings.map(shown) }),
});

/** A value needs a price; without one the rest of the row is still true, and says so. */
const shown = ({ accountId, asset, symbol, name, quantity, price, value, asOf }: HoldingRow) => ({
  accountId,
  asset: { id: asset?.id ?? null, symbol, name },
  quantity,
  price,
  value: value?.amount ?? null,
  asOf,
  ...(value ? {} : { degraded: true }),
});
