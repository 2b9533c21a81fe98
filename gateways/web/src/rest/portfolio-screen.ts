import { notFound, restRoute } from '@simplebank/gateway-kit/rest';
import { decimalShown, idText, uuidShown } from '@simplebank/gateway-kit/rest-fields';
import { z } from 'zod';
import type { Account, Holding, Money, Order, Performance } from './screen-parts.ts';
import {
  accountFields,
  accountShown,
  amountOf,
  degradedShown,
  holdingFields,
  holdingShown,
  orderFields,
  orderShown,
  performanceFields,
  performanceShown,
  shownAccount,
  shownHolding,
  shownOrder,
  shownPerformance,
} from './screen-parts.ts';

type Point = { readonly date: string; readonly value: Money | null };
type Part = {
  readonly kind: string;
  readonly label: string | null;
  readonly asset: { readonly id: string } | null;
  readonly value: Money | null;
  readonly share: string | null;
};
type PortfolioAccount = Account & {
  readonly performance: (Performance & { readonly series: readonly Point[] }) | null;
  readonly allocation: { readonly parts: readonly Part[] } | null;
  readonly holdingsPage: { readonly nodes: readonly Holding[] } | null;
  readonly ordersPage: { readonly nodes: readonly Order[] } | null;
};
type Portfolio = {
  readonly account?: PortfolioAccount | null;
  /** Of the fallback alone. */
  readonly holdings?: readonly Holding[];
};

const portfolioShown = z.object({
  account: accountShown.nullable(),
  year: performanceShown
    .extend({
      series: z
        .array(z.object({ date: z.iso.date(), value: decimalShown.nullable() }))
        .describe('The last 30 days.'),
    })
    .nullable(),
  allocation: z
    .array(
      z.object({
        kind: z.enum(['CASH', 'POSITIONS']),
        label: z.string().nullable(),
        assetId: uuidShown.nullable(),
        value: decimalShown.nullable(),
        share: decimalShown.nullable(),
      }),
    )
    .nullable(),
  holdings: z.array(holdingShown).nullable().describe('The first hundred by symbol.'),
  openOrders: z.array(orderShown).nullable().describe('The newest twenty.'),
  degraded: degradedShown,
});

/** GET /screens/portfolio/{account}: an account with what it holds and how it did. */
export const portfolioScreen = restRoute({
  name: 'getPortfolioScreen',
  title: 'The page of an account',
  method: 'GET',
  path: '/screens/portfolio/{account}',
  access: 'signed-in',
  pathParameters: z.object({ account: idText }),
  operation: `
    query WebPortfolio($id: ID!) {
      account(id: $id) {
        ${accountFields}
        performance(range: YEAR) { ${performanceFields} series(last: 30) { date value { amount } } }
        allocation(by: ASSET) { parts { kind label asset { id } value { amount } share } }
        holdingsPage(first: 100) { nodes { ${holdingFields} } }
        ordersPage(first: 20, filter: { openOnly: true }) { nodes { ${orderFields} } }
      }
    }
  `,
  fallback: `
    query WebPortfolioWithoutAccount($id: ID!) { holdings(accountId: $id) { ${holdingFields} } }
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
        account: account ? shownAccount(account) : null,
        year: account?.performance ? shownYear(account.performance) : null,
        allocation: account?.allocation?.parts.map(shownPart) ?? null,
        holdings: held?.map(shownHolding) ?? null,
        openOrders: account?.ordersPage?.nodes.map(shownOrder) ?? null,
        degraded,
      },
    };
  },
});

const shownYear = ({ series, ...year }: Performance & { readonly series: readonly Point[] }) => ({
  ...shownPerformance(year),
  series: series.map(({ date, value }) => ({ date, value: amountOf(value) })),
});

const shownPart = ({ kind, label, asset, value, share }: Part) => ({
  kind,
  label,
  assetId: asset?.id ?? null,
  value: amountOf(value),
  share,
});
