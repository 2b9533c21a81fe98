import { requirePrincipal } from '@simplebank/chassis/auth';
import { pageAsked, toConnection } from '@simplebank/chassis/connections';
import { PublicError } from '@simplebank/chassis/errors';
import { uuidOf } from '@simplebank/chassis/scalars';
import type { Context } from '../../context.ts';
import type { QueryOrdersArgs, QueryResolvers } from '../../generated/graphql.ts';
import { ordersOf } from '../../queries/orders.ts';
import { isStaff, mayRead, requireAccount } from '../access.ts';
import { filterOf } from '../filter.ts';
import { placeOf, readPlace } from '../places.ts';

const namesMax = 100;

export const orders: NonNullable<QueryResolvers['orders']> = async (_, args, context) => {
  const whose = await whoseOf(args, context);
  const page = pageAsked(args, readPlace);
  const filter = await filterOf(context, args.filter);
  return toConnection(filter ? await ordersOf(context, { ...whose, filter }, page) : [], {
    first: page.first,
    placeOf: ({ createdAt, id }) => placeOf({ at: createdAt, id }),
  });
};

/** Staff name anybody; customers themselves and their own accounts. */
async function whoseOf({ customerIds, accountIds }: QueryOrdersArgs, context: Context) {
  const viewer = requirePrincipal(context.viewer);
  const [customers, accounts] = [customerIds ?? [], accountIds ?? []];
  const count = customers.length + accounts.length;
  if (count < 1 || count > namesMax) {
    const message = `Expected 1 to ${namesMax} customers and accounts.`;
    throw new PublicError('BAD_INPUT', message, { field: 'customerIds' });
  }
  const ids = customers.map((id) => uuidOf(id, 'customerIds'));
  if (!isStaff(viewer) && ids.some((id) => id !== viewer.customerId)) {
    throw new PublicError('NOT_FOUND', 'There is no such customer.', { field: 'customerIds' });
  }
  const found = await Promise.all(
    accounts.map((name) => requireAccount(context, name, 'accountIds')),
  );
  if (!found.every((account) => mayRead(viewer, account))) {
    throw new PublicError('NOT_FOUND', 'There is no such account.', { field: 'accountIds' });
  }
  return { customerIds: ids, accountIds: found.map(({ id }) => id) };
}
