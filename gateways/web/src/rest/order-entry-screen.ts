import { notFound, restRoute } from '@simplebank/gateway-kit/rest';
import {
  amountText,
  assetText,
  decimalShown,
  idText,
  instantShown,
  uuidShown,
} from '@simplebank/gateway-kit/rest-fields';
import { z } from 'zod';
import type { Account, Holding, Money } from './screen-parts.ts';
import {
  accountFields,
  accountShown,
  amountOf,
  degradedShown,
  holdingFields,
  holdingShown,
  shownAccount,
  shownHolding,
} from './screen-parts.ts';

type Asset = {
  readonly id: string;
  readonly symbol: string;
  readonly name: string;
  readonly state: string;
  readonly fractionable: boolean;
  readonly price: string | null;
  readonly quote: Quote | null;
};
type Quote = {
  readonly bid: string;
  readonly ask: string;
  readonly at: string;
  readonly isStale: boolean;
};
type Preview = {
  readonly estimatedPrice: Money;
  readonly estimatedQuantity: string;
  readonly estimatedTotal: Money;
  readonly fees: { readonly total: Money };
  readonly hold: Money;
  readonly availableAfter: Money | null;
  readonly warnings: readonly { readonly code: string; readonly message: string }[];
};
type Previewed =
  | { readonly preview: Preview }
  | { readonly code: string; readonly message: string };
type OrderEntry = {
  readonly account: (Account & { readonly holding: Holding | null }) | null;
  readonly asset: Asset | null;
  readonly previewOrder?: Previewed;
};

const body = `
  account(id: $account) { ${accountFields} holding(assetId: $asset) { ${holdingFields} } }
  asset(id: $asset) {
    id symbol name state fractionable price quote { bid ask at isStale }
  }
`;

const estimateShown = z.object({
  price: decimalShown,
  quantity: decimalShown,
  total: decimalShown,
  fees: decimalShown,
  hold: decimalShown.describe('The most that it can cost.'),
  availableAfter: decimalShown.nullable(),
  warnings: z.array(z.object({ code: z.string(), message: z.string() })),
});

const orderEntryShown = z.object({
  account: accountShown.nullable(),
  asset: z
    .object({
      id: uuidShown,
      symbol: z.string(),
      name: z.string(),
      state: z.string(),
      fractionable: z.boolean(),
    })
    .nullable(),
  holding: holdingShown.nullable().describe('Null when nothing of it is held.'),
  price: z
    .object({
      last: decimalShown.nullable(),
      bid: decimalShown.nullable(),
      ask: decimalShown.nullable(),
      asOf: instantShown.nullable(),
      stale: z.boolean(),
    })
    .nullable(),
  estimate: estimateShown.nullable(),
  refusal: z
    .object({ code: z.string(), message: z.string() })
    .nullable()
    .describe('Why such an order would be refused; there is no estimate then.'),
  degraded: degradedShown,
});

/** GET /screens/order-entry/{account}/{asset}: what somebody looks at who is about to order. */
export const orderEntryScreen = restRoute({
  name: 'getOrderEntryScreen',
  title: 'The page for an order',
  method: 'GET',
  path: '/screens/order-entry/{account}/{asset}',
  access: 'signed-in',
  pathParameters: z.object({ account: idText, asset: assetText }),
  query: z.object({
    side: z.enum(['BUY', 'SELL']).default('BUY'),
    quantity: amountText.default('1').describe('Of the market order that is estimated.'),
  }),
  operation: `
    query WebOrderEntry($account: ID!, $asset: ID!, $input: PreviewOrderInput!) {
      ${body}
      previewOrder(input: $input) {
        ... on PreviewOrderSuccess {
          preview {
            estimatedPrice { amount } estimatedQuantity estimatedTotal { amount }
            fees { total { amount } } hold { amount } availableAfter { amount }
            warnings { code message }
          }
        }
        ... on PreviewOrderRefusal { code message }
      }
    }
  `,
  fallback: `
    query WebOrderEntryWithoutEstimate($account: ID!, $asset: ID!) { ${body} }
  `,
  variables: ({ account, asset, side, quantity }) => ({
    account,
    asset,
    input: { accountId: account, assetId: asset, side, type: 'MARKET', quantity },
  }),
  fieldNames: { accountId: 'account', assetId: 'asset', id: 'account' },
  success: {
    status: 200,
    description: 'What a part that is down knows is null.',
    schema: orderEntryShown,
  },
  errors: [404],
  answer: ({ account, asset, previewOrder }: OrderEntry, { degraded }) => {
    if (!account && !degraded) throw notFound('account', 'account');
    if (!asset && !degraded) throw notFound('asset', 'asset');
    return {
      status: 200,
      body: {
        account: account && shownAccount(account),
        asset: asset && shownAsset(asset),
        holding: account?.holding ? shownHolding(account.holding) : null,
        price: asset && shownPrice(asset),
        ...estimated(previewOrder),
        degraded,
      },
    };
  },
});

const shownAsset = ({ id, symbol, name, state, fractionable }: Asset) => ({
  id,
  symbol,
  name,
  state,
  fractionable,
});

const shownPrice = ({ price, quote }: Asset) => ({
  last: price,
  bid: quote?.bid ?? null,
  ask: quote?.ask ?? null,
  asOf: quote?.at ?? null,
  stale: quote?.isStale ?? true,
});

function estimated(previewed: Previewed | undefined) {
  if (!previewed) return { estimate: null, refusal: null };
  if ('code' in previewed) return { estimate: null, refusal: previewed };
  const { preview } = previewed;
  const estimate = {
    price: preview.estimatedPrice.amount,
    quantity: preview.estimatedQuantity,
    total: preview.estimatedTotal.amount,
    fees: preview.fees.total.amount,
    hold: preview.hold.amount,
    availableAfter: amountOf(preview.availableAfter),
    warnings: preview.warnings,
  };
  return { estimate, refusal: null };
}
