import { pageAsked, toConnection } from '@simplebank/chassis/connections';
import { isUuid } from '@simplebank/kernel/ids';
import type { Context } from '../context.ts';
import type { AccountKey } from '../domain/account.ts';
import type { AccountResolvers } from '../generated/graphql.ts';
import { ordersOf } from '../queries/orders.ts';
import { mayRead } from './access.ts';
import { filterOf } from './filter.ts';
import { placeOf, readPlace } from './places.ts';
import { nameOfPlan } from './plans.ts';

/** What the viewer may not see has no orders; neither has an account that has only just opened. */
async function isReadable({ id }: AccountKey, { viewer, loaders }: Context): Promise<boolean> {
  return mayRead(viewer, await loaders.accounts.load({ id }));
}

export const Account: AccountResolvers = {
  __resolveReference: ({ id }) => (isUuid(id) ? { id } : null),
  orders: async (account, _, context) =>
    (await isReadable(account, context)) ? context.loaders.newestOrders.load(account.id) : [],
  commissionPlan: async (account, _, context) =>
    (await isReadable(account, context))
      ? nameOfPlan(await context.loaders.plans.load(account.id))
      : null,
  ordersPage: async (account, args, context) => {
    const page = pageAsked(args, readPlace);
    const filter = await filterOf(context, args.filter);
    const whose = filter && { accountIds: [account.id], customerIds: [], filter };
    const rows =
      whose && (await isReadable(account, context)) ? await ordersOf(context, whose, page) : [];
    return toConnection(rows, {
      first: page.first,
      placeOf: ({ createdAt, id }) => placeOf({ at: createdAt, id }),
    });
  },
};
