import { restRoute } from '@simplebank/gateway-kit/rest';
import { idShown, instantShown, uuidShown } from '@simplebank/gateway-kit/rest-fields';
import { z } from 'zod';
import type { Account, Holding, Order, Performance } from './screen-parts.ts';
import {
  accountFields,
  accountShown,
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

type HomeAccount = Account & {
  readonly performance: Performance | null;
  readonly holdingsPage: { readonly nodes: readonly Holding[] } | null;
  readonly ordersPage: { readonly nodes: readonly Order[] } | null;
};
type News = {
  readonly id: string;
  readonly kind: string;
  readonly title: string;
  readonly text: string;
  readonly createdAt: string;
  readonly readAt: string | null;
};
type Market = {
  readonly isOpen: boolean;
  readonly nextOpen: string | null;
  readonly nextClose: string | null;
};
type Home = {
  readonly me?: { readonly number: string | null; readonly name: string } | null;
  readonly accounts?: readonly HomeAccount[] | null;
  readonly notifications?: { readonly nodes: readonly News[] } | null;
  readonly unreadCount?: number | null;
  readonly marketClock?: Market | null;
};

const besideAccounts = `
  notifications(first: 5) { nodes { id kind title text createdAt readAt } }
  unreadCount
  marketClock { isOpen nextOpen nextClose }
`;

const homeShown = z.object({
  customer: z.object({ id: idShown.nullable(), name: z.string() }).nullable(),
  accounts: z
    .array(
      accountShown.extend({
        today: performanceShown.nullable(),
        holdings: z.array(holdingShown).nullable().describe('The first five by symbol.'),
        orders: z.array(orderShown).nullable().describe('The newest five.'),
      }),
    )
    .nullable(),
  notifications: z
    .array(
      z.object({
        id: uuidShown,
        kind: z.string(),
        title: z.string(),
        text: z.string(),
        createdAt: instantShown,
        readAt: instantShown.nullable(),
      }),
    )
    .nullable()
    .describe('The newest five.'),
  unread: z.int().nonnegative().nullable(),
  market: z
    .object({
      isOpen: z.boolean(),
      nextOpen: instantShown.nullable(),
      nextClose: instantShown.nullable(),
    })
    .nullable(),
  degraded: degradedShown,
});

/** GET /screens/home: all that the first page of the web application shows, in one answer. */
export const homeScreen = restRoute({
  name: 'getHomeScreen',
  title: 'The first page',
  method: 'GET',
  path: '/screens/home',
  access: 'signed-in',
  operation: `
    query WebHome {
      me { number name }
      accounts {
        ${accountFields}
        performance(range: DAY) { ${performanceFields} }
        holdingsPage(first: 5) { nodes { ${holdingFields} } }
        ordersPage(first: 5) { nodes { ${orderFields} } }
      }
      ${besideAccounts}
    }
  `,
  fallback: `query WebHomeWithoutAccounts { ${besideAccounts} }`,
  variables: () => ({}),
  success: {
    status: 200,
    description: 'What a part that is down knows is null.',
    schema: homeShown,
  },
  answer: ({ me, accounts, notifications, unreadCount, marketClock }: Home, { degraded }) => ({
    status: 200,
    body: {
      customer: me ? { id: me.number ? Number(me.number) : null, name: me.name } : null,
      accounts: accounts?.map(shownHomeAccount) ?? null,
      notifications: notifications?.nodes ?? null,
      unread: unreadCount ?? null,
      market: marketClock ?? null,
      degraded,
    },
  }),
});

const shownHomeAccount = ({ performance, holdingsPage, ordersPage, ...account }: HomeAccount) => ({
  ...shownAccount(account),
  today: performance && shownPerformance(performance),
  holdings: holdingsPage?.nodes.map(shownHolding) ?? null,
  orders: ordersPage?.nodes.map(shownOrder) ?? null,
});
