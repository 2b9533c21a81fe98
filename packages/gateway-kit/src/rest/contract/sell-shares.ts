import { z } from 'zod';
import { refused, restRoute } from '../rest.ts';
import { amountText, assetText, idempotencyKey, idText, uuidShown } from '../rest-fields.ts';

const body = z
  .object({
    accountId: idText,
    assetId: assetText.optional(),
    symbol: assetText.optional().describe('Instead of assetId.'),
    quantity: amountText,
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
  name: 'sellShares',
  title: 'Sell shares at the market',
  method: 'POST',
  path: '/shares/sell',
  access: 'signed-in',
  body,
  key: idempotencyKey,
  operation: `
    mutation RestSellShares($input: PlaceOrderInput!) {
      placeOrder(input: $input) {
        ... on PlaceOrderSuccess { order { id status } }
        ... on PlaceOrderRefusal { code message }
      }
    }
  `,
  variables: ({ accountId, assetId, symbol, quantity, idempotencyKey: key }) => ({
    input: {
      accountId,
      assetId: assetId ?? symbol,
      side: 'SELL',
      type: 'MARKET',
      quantity,
      idempotencyKey: key,
    },
  }),
  success: {
    status: 200,
    description: 'The order is recorded; RESERVING means that the venue has not seen it yet.',
    schema: z.object({
      ok: z.string().describe('In words: sell order <id> placed.'),
      orderId: uuidShown,
      status: z.string(),
    }),
  },
  errors: [404, 409, 422],
  answer: ({ placeOrder }: Sold) => {
    if (!('order' in placeOrder)) return refused(placeOrder);
    const { id, status } = placeOrder.order;
    return { status: 200, body: { ok: `sell order ${id} placed`, orderId: id, status } };
  },
});
