import { notFound, restRoute } from '@simplebank/gateway-kit/rest';
import {
  amountText,
  assetText,
  decimalShown,
  idText,
  instantShown,
} from '@simplebank/gateway-kit/rest-fields';
import { z } from 'zod';
import { degradedShown, type Money } from './screen-parts.ts';

type Priced = {
  readonly symbol: string;
  readonly name: string;
  readonly state: string;
  readonly price: string | null;
  readonly quote: { readonly at: string; readonly isStale: boolean } | null;
};

const assetFields = 'symbol name state price quote { at isStale }';

const assetShown = z.object({
  s: z.string().describe('Symbol.'),
  n: z.string().describe('Name.'),
  t: z.string().describe('Its state: ACTIVE is traded.'),
  p: decimalShown.nullable().describe('Last price.'),
  w: instantShown.nullable().describe('When the price is from.'),
  x: z.literal(1).optional().describe('The price is older than it should be.'),
});

const shownAsset = ({ symbol, name, state, price, quote }: Priced) => ({
  s: symbol,
  n: name,
  t: state,
  p: price,
  w: quote?.at ?? null,
  ...(quote?.isStale ? { x: 1 } : {}),
});

/** GET /screens/asset/{asset}: what it is and what it costs; no secret to anybody. */
export const assetScreen = restRoute({
  name: 'getAssetScreen',
  title: 'The screen of an asset',
  method: 'GET',
  path: '/screens/asset/{asset}',
  access: 'anyone',
  pathParameters: z.object({ asset: assetText }),
  operation: `query MobileAsset($asset: ID!) { asset(id: $asset) { ${assetFields} } }`,
  variables: ({ asset }) => ({ asset }),
  fieldNames: { id: 'asset' },
  success: { status: 200, description: 'The asset.', schema: assetShown },
  errors: [404],
  answer: ({ asset }: { readonly asset: Priced | null }) => {
    if (!asset) throw notFound('asset', 'asset');
    return { status: 200, body: shownAsset(asset) };
  },
});

type Previewed =
  | {
      readonly preview: {
        readonly estimatedTotal: Money;
        readonly fees: { readonly total: Money };
        readonly hold: Money;
      };
    }
  | { readonly code: string };
type OrderScreen = {
  readonly account: {
    readonly balances: { readonly available: Money };
    readonly holding: { readonly available: string } | null;
  } | null;
  readonly asset: Priced | null;
  readonly previewOrder?: Previewed;
};

const orderScreenShown = z.object({
  a: assetShown.nullable().describe('The asset.'),
  c: decimalShown.nullable().describe('Cash that may buy.'),
  q: decimalShown.nullable().describe('How many of it may be sold.'),
  e: z
    .object({
      v: decimalShown.describe('What the order comes to, with its fees.'),
      f: decimalShown.describe('Its fees.'),
      h: decimalShown.describe('The most that it can cost.'),
    })
    .nullable()
    .describe('The estimate of a market order.'),
  r: z.string().optional().describe('Why such an order would be refused.'),
  d: degradedShown,
});

const body = `
  account(id: $account) {
    balances { available { amount } } holding(assetId: $asset) { available }
  }
  asset(id: $asset) { ${assetFields} }
`;

/** GET /screens/order/{account}/{asset}: what somebody looks at who is about to order. */
export const orderScreen = restRoute({
  name: 'getOrderScreen',
  title: 'The screen for an order',
  method: 'GET',
  path: '/screens/order/{account}/{asset}',
  access: 'signed-in',
  pathParameters: z.object({ account: idText, asset: assetText }),
  query: z.object({
    side: z.enum(['BUY', 'SELL']).default('BUY'),
    quantity: amountText.default('1').describe('Of the market order that is estimated.'),
  }),
  operation: `
    query MobileOrder($account: ID!, $asset: ID!, $input: PreviewOrderInput!) {
      ${body}
      previewOrder(input: $input) {
        ... on PreviewOrderSuccess {
          preview { estimatedTotal { amount } fees { total { amount } } hold { amount } }
        }
        ... on PreviewOrderRefusal { code }
      }
    }
  `,
  fallback: `query MobileOrderWithoutEstimate($account: ID!, $asset: ID!) { ${body} }`,
  variables: ({ account, asset, side, quantity }) => ({
    account,
    asset,
    input: { accountId: account, assetId: asset, side, type: 'MARKET', quantity },
  }),
  fieldNames: { accountId: 'account', assetId: 'asset', id: 'account' },
  success: {
    status: 200,
    description: 'What a part that is down knows is null.',
    schema: orderScreenShown,
  },
  errors: [404],
  answer: ({ account, asset, previewOrder }: OrderScreen, { degraded }) => {
    if (!account && !degraded) throw notFound('account', 'account');
    if (!asset && !degraded) throw notFound('asset', 'asset');
    return {
      status: 200,
      body: {
        a: asset && shownAsset(asset),
        c: account?.balances.available.amount ?? null,
        q: account ? (account.holding?.available ?? '0') : null,
        ...estimated(previewOrder),
        ...(degraded ? { d: 1 } : {}),
      },
    };
  },
});

function estimated(previewed: Previewed | undefined) {
  if (!previewed) return { e: null };
  if ('code' in previewed) return { e: null, r: previewed.code };
  const { estimatedTotal, fees, hold } = previewed.preview;
  return { e: { v: estimatedTotal.amount, f: fees.total.amount, h: hold.amount } };
}
