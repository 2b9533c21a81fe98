import { isUuid } from '@simplebank/kernel/ids';
import type { Context } from '../context.ts';
import type { AccountKey } from '../domain/account.ts';
import type { AccountResolvers } from '../generated/graphql.ts';
import { ordersPage } from '../queries/orders.ts';
import { mayRead } from './access.ts';
import { pageArguments } from './page-arguments.ts';

/** What the viewer may not see has no orders; neither has an account that has only just opened. */
async function isReadable({ id }: AccountKey, { viewer, loaders }: Context): Promise<boolean> {
  return mayRead(viewer, await loaders.accounts.load({ id }));
}

export const Account: AccountResolvers = {
  __resolveReference: ({ id }) => (isUuid(id) ? { id } : null),
  orders: async (account, _, context) =>
    (await isReadable(account, context)) ? context.loaders.newestOrders.load(account.id) : [],
  ordersPage: async (account, page, context) => {
    const asked = pageArguments(page);
    if (!(await isReadable(account, context))) return { items: [], hasNextPage: false };
    return ordersPage(context, account.id, asked);
  },
};
