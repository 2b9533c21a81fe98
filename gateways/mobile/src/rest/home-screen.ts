import { restRoute } from '@simplebank/gateway-kit/rest';
import { decimalShown, idShown } from '@simplebank/gateway-kit/rest-fields';
import { z } from 'zod';
import { degradedShown, type Money, type Worth, worthFields } from './screen-parts.ts';

type HomeAccount = {
  readonly number: string;
  readonly name: string;
  readonly balances: { readonly available: Money };
  readonly performance: Worth | null;
};
type Home = {
  readonly accounts?: readonly HomeAccount[] | null;
  readonly unreadCount?: number | null;
  readonly marketClock?: { readonly isOpen: boolean } | null;
};

const besideAccounts = 'unreadCount marketClock { isOpen }';

const homeShown = z.object({
  a: z
    .array(
      z.object({
        i: idShown.describe('Id of the account.'),
        n: z.string().describe('Its name.'),
        v: decimalShown.nullable().describe('What it is worth.'),
        g: decimalShown.nullable().describe('Gain of today.'),
        c: decimalShown.describe('Cash that may buy.'),
      }),
    )
    .nullable()
    .describe('Accounts.'),
  u: z.int().nonnegative().nullable().describe('Unread notifications.'),
  m: z.boolean().nullable().describe('Whether the market is open.'),
  d: degradedShown,
});

/** GET /screens/home: what a phone shows first, and nothing beside. */
export const homeScreen = restRoute({
  name: 'getHomeScreen',
  title: 'The first screen',
  method: 'GET',
  path: '/screens/home',
  access: 'signed-in',
  operation: `
    query MobileHome {
      accounts {
        number name balances { available { amount } } performance(range: DAY) { ${worthFields} }
      }
      ${besideAccounts}
    }
  `,
  fallback: `query MobileHomeWithoutAccounts { ${besideAccounts} }`,
  variables: () => ({}),
  success: {
    status: 200,
    description: 'What a part that is down knows is null.',
    schema: homeShown,
  },
  answer: ({ accounts, unreadCount, marketClock }: Home, { degraded }) => ({
    status: 200,
    body: {
      a: accounts?.map(shownAccount) ?? null,
      u: unreadCount ?? null,
      m: marketClock?.isOpen ?? null,
      ...(degraded ? { d: 1 } : {}),
    },
  }),
});

const shownAccount = ({ number, name, balances, performance }: HomeAccount) => ({
  i: Number(number),
  n: name,
  v: performance?.endValue.amount?.amount ?? null,
  g: performance?.gain.amount?.amount ?? null,
  c: balances.available.amount,
});
