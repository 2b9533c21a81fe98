import { requirePrincipal, requireRole } from '@simplebank/chassis/auth';
import { PublicError } from '@simplebank/chassis/errors';
import { boundedText, idempotencyKeyOf } from '@simplebank/chassis/scalars';
import type { Context } from '../../context.ts';
import type { Account } from '../domain/account.ts';
import { accountBy } from '../queries/accounts.ts';

const nameCharsMax = 100;
const reasonCharsMax = 500;

export const nameOf = (text: string) =>
  boundedText(text, { field: 'input.name', max: nameCharsMax });

export const reasonOf = (text: string) =>
  boundedText(text, { field: 'input.reason', max: reasonCharsMax });

export const messages = {
  ACCOUNT_STATUS: 'The state of the account does not allow it.',
  OPEN_ORDERS: 'The account has open orders: cancel them or wait until they have ended.',
  IDEMPOTENCY_KEY_REUSED: 'This key was used for another request.',
} as const;

/** Null when none was given. Throws BAD_INPUT for an empty one, which would protect nobody. */
export const optionalKeyOf = (key: string | null | undefined): string | null =>
  key === null || key === undefined ? null : idempotencyKeyOf(key);

/** The viewer's own account. Throws NOT_FOUND for an unknown or another customer's. */
export async function requireOwned(context: Context, id: string): Promise<Account> {
  const { customerId } = requirePrincipal(context.viewer);
  const account = await accountBy(context, id);
  if (account?.ownerIds.includes(customerId)) return account;
  throw notFound();
}

/** Any account, for staff that may correct. Throws FORBIDDEN or NOT_FOUND. */
export async function requireForStaff(context: Context, id: string): Promise<Account> {
  requireRole(context.viewer, 'operations');
  const account = await accountBy(context, id);
  if (account) return account;
  throw notFound();
}

const notFound = () =>
  new PublicError('NOT_FOUND', 'There is no such account.', { field: 'input.accountId' });

/** The account as it is after a change. */
export async function reload({ loaders }: Context, id: string): Promise<Account> {
  const account = await loaders.accounts.clear(id).load(id);
  if (account) return account;
  throw new Error(`account ${id} is not there after its change`);
}
