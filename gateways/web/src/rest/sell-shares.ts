import {
  amountText,
  idempotencyKey,
  idText,
  refused,
  restRoute,
} from '@simplebank/gateway-kit/rest';
import { z } from 'zod';

const input = z
  .object({
    accountId: idText,
    assetId: idText.optional(),
    symbol: z.string().min(1).max(12).optional(),
    quantity: amountText,
    idempotencyKey,
  })
  .refine(({ assetId, symbol }) => (assetId === undefined) !== (symbol === undefined), {
    path: ['assetId'],
    message: 'name the asset once, by assetId or by symbol',
  });

type Sold = {
  readonly placeOrder:
    | { readonly order: { readonly id: string; readonly status: string } }
    | { readonly code: string; readonly message: string };
};

/** POST /shares/sell: a market order for the day. Its id lets the caller see how it goes on. */
export const sellShares = restRoute({
  method: 'POST',
  path: '/shares/sell',
  input,
  operation: `
    mutation RestSellShares($input: PlaceOrderInput!) {
      placeOrder(input: $input) {
        ... on PlaceOrderSuccess { order { id status } }
        ... on PlaceOrderRefusal { code message }
      }
    }
  `,
  variables: ({ accountId, assetId, symbol, quantity, idempotencyKey }) => ({
    input: {
      accountId,
      assetId: assetId ?? symbol,
      side: 'SELL',
      type: 'MARKET',
      quantity,
      idempotencyKey,
    },
  }),
  answer: ({ placeOrder }: Sold) => {
    if (!('order' in placeOrder)) return refused(placeOrder);
    const { id, status } = placeOrder.order;
    return { status: 200, body: { ok: `sell order ${id} placed`, orderId: id, status } };
  },
});
