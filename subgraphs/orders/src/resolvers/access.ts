import { type Principal, requirePrincipal, type Viewer } from '@simplebank/chassis/auth';
import { PublicError } from '@simplebank/chassis/errors';
import { uuidOf } from '@simplebank/chassis/scalars';
import { parseIdOrNumber } from '@simplebank/kernel/ids';
import type { Context } from '../context.ts';
import { type Account, isOwner } from '../domain/account.ts';
import type { Order } from '../domain/order.ts';

export const isStaff = ({ roles }: Principal): boolean =>
  roles.includes('support') || roles.includes('operations');

/** Owners see their accounts, staff read all. */
export const mayRead = (viewer: Viewer, account: Account | null): boolean =>
  viewer.kind === 'principal' &&
  (isStaff(viewer) || (account !== null && isOwner(account, viewer.customerId)));

/** The order, or null when the viewer may not see it: it then does not exist for them. */
export async function visible(order: Order | null, context: Context): Promise<Order | null> {
  if (!order) return null;
  const account = await context.loaders.accounts.load({ id: order.accountId });
  return mayRead(context.viewer, account) ? order : null;
}

/** An account by UUID or number, whoever owns it. Throws NOT_FOUND for an unknown one. */
export async function requireAccount(
  { loaders }: Context,
  idOrNumber: string,
  field: string,
): Promise<Account> {
  const name = parseIdOrNumber(idOrNumber);
  if (!name) throw new PublicError('BAD_INPUT', 'Expected a UUID or a number.', { field });
  const account = await loaders.accounts.load(name);
  if (account) return account;
  throw new PublicError('NOT_FOUND', 'There is no such account.', { field });
}

/** An account that the viewer may read. Throws NOT_FOUND for an unknown or a foreign one alike. */
export async function requireReadable(
  context: Context,
  idOrNumber: string,
  field: string,
): Promise<Account> {
  const account = await requireAccount(context, idOrNumber, field);
  if (mayRead(context.viewer, account)) return account;
  throw new PublicError('NOT_FOUND', 'There is no such account.', { field });
}

export const noSuchOrder = () =>
  new PublicError('NOT_FOUND', 'There is no such order.', { field: 'input.orderId' });

/** An order with its account, whoever owns it. Throws NOT_FOUND for an unknown one. */
export async function orderAndAccount({ loaders }: Context, orderId: string) {
  const order = await loaders.orders.load(uuidOf(orderId, 'input.orderId'));
  const account = order && (await loaders.accounts.load({ id: order.accountId }));
  if (!order || !account) throw noSuchOrder();
  return { order, account };
}

/** An account of the viewer by UUID or number. Throws NOT_FOUND for an unknown or a foreign one. */
export async function requireOwnAccount(
  context: Context,
  idOrNumber: string,
  field: string,
): Promise<Account> {
  const { customerId } = requirePrincipal(context.viewer);
  const account = await requireAccount(context, idOrNumber, field);
  if (isOwner(account, customerId)) return account;
  throw new PublicError('NOT_FOUND', 'There is no such account.', { field });
}
