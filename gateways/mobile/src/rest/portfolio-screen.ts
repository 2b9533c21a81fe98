import { notFound, restRoute } from '@simplebank/gateway-kit/rest';
import { decimalShown, idText } from '@simplebank/gateway-kit/rest-fields';
import { z } from 'zod';
import type { Holding, Money, Order, Worth } from './screen-parts.ts';
import {
  degradedShown,
  holdingFields,
  holdingShown,
  orderFields,
  orderShown,
  shownHolding,
  shownOrder,
  worthFields,
} from './screen-parts.ts';

type PortfolioAccount = {
  readonly name: string;
  readonly balances: { readonly available: Money };
  readonly performance: Worth | null;
  readonly holdingsPage: { readonly nodes: readonly Holding[] } | null;
  readonly ordersPage: { readonly nodes: readonly Order[] } | null;
};
type Portfolio = {
  readonly account?: PortfolioAccount | null;
  /** Of the fallback alone. */
  readonly holdings?: readonly Holding[];
};

const portfolioShown = z.object({
  n: z.string().nullable().describe('Name of the account.'),
  c: decimalShown.nullable().describe('Cash that may buy.'),
  v: decimalShown.nullable().describe('What it is worth.'),
  g: decimalShown.nullable().describe('Gain of today.'),
  h: z.array(holdingShown).nullable().describe('Holdings: the first hundred by symbol.'),
  o: z.array(orderShown).nullable().describe('Open orders: the newest twenty.'),
  d: degradedShown,
});

/** GET /screens/portfolio/{account}: what an account holds and what is on its way. */
export const portfolioScreen = restRoute({
  name: 'getPortfolioScreen',
  title: 'The screen of an account',
  method: 'GET',
  path: '/screens/portfolio/{account}',
  access: 'signed-in',
  pathParameters: z.object({ account: idText }),
  operation: `
    query MobilePortfolio($id: ID!) {
      account(id: $id) {
        name balances { available { amount } } performance(range: DAY) { ${worthFields} }
        holdingsPage(first: 100) { nodes { ${holdingFields} } }
        ordersPage(first: 20, filter: { openOnly: true }) { nodes { ${orderFields} } }
      }
    }
  `,
  fallback: `
    query MobilePortfolioWithoutAccount($id: ID!) { holdings(accountId: $id) { ${holdingFields} } }
  `,
  variables: ({ account }) => ({ id: account }),
  fieldNames: { id: 'account', accountId: 'account' },
  success: {
    status: 200,
    description: 'What a part that is down knows is null.',
    schema: portfolioShown,
  },
  errors: [404],
  answer: ({ account, holdings }: Portfolio, { degraded }) => {
    if (!account && !holdings) throw notFound('account', 'account');
    const held = account?.holdingsPage?.nodes ?? holdings;
    return {
      status: 200,
      body: {
        n: account?.name ?? null,
        c: account?.balances.available.amount ?? null,
        v: account?.performance?.endValue.amount?.amount ?? null,
        g: account?.performance?.gain.amount?.amount ?? null,
        h: held?.map(shownHolding) ?? null,
        o: account?.ordersPage?.nodes.map(shownOrder) ?? null,
        ...(degraded ? { d: 1 } : {}),
      },
    };
  },
});
