import type { Viewer } from '@simplebank/chassis/auth';
import type { IdOrNumber } from '@simplebank/kernel/ids';
import { findAccount, findAccounts } from '../data/copies.ts';
import type { Deps } from '../deps.ts';
import type { AccountCopy } from '../domain/copies.ts';

type Reader = Pick<Deps, 'db'>;

const isStaff = (viewer: Viewer): boolean =>
  viewer.kind === 'principal' &&
  viewer.roles.some((role) => role === 'support' || role === 'operations');

const owns = (viewer: Viewer, account: AccountCopy | null | undefined): boolean =>
  viewer.kind === 'principal' && (account?.ownerIds.includes(viewer.customerId) ?? false);

/** An account of the viewer; null for an unknown one and for another customer's. */
export async function ownAccount(
  { db }: Reader,
  viewer: Viewer,
  key: IdOrNumber,
): Promise<AccountCopy | null> {
  const account = await findAccount(db, key);
  return owns(viewer, account) ? account : null;
}

/** An account that the viewer may read: an owner's own, any for staff; else null. */
export async function readableAccount(
  { db }: Reader,
  viewer: Viewer,
  key: IdOrNumber,
): Promise<AccountCopy | null> {
  const account = await findAccount(db, key);
  return account && (isStaff(viewer) || owns(viewer, account)) ? account : null;
}

/** In the order of `ids`, for a loader; null for what the viewer may not read. */
export async function readableAccounts(
  { db }: Reader,
  viewer: Viewer,
  ids: readonly string[],
): Promise<readonly (AccountCopy | null)[]> {
  const accounts = await findAccounts(db, ids);
  return ids.map((id) => {
    const account = accounts.get(id) ?? null;
    return account && (isStaff(viewer) || owns(viewer, account)) ? account : null;
  });
}

type OfAccount = { readonly accountId: string };

/** In the given order; null for what belongs to accounts that the viewer may not read. */
export async function readable<T extends OfAccount>(
  { db }: Reader,
  viewer: Viewer,
  things: readonly (T | null)[],
): Promise<readonly (T | null)[]> {
  if (isStaff(viewer)) return things;
  const accounts = await findAccounts(
    db,
    things.flatMap((thing) => thing?.accountId ?? []),
  );
  return things.map((thing) =>
    thing && owns(viewer, accounts.get(thing.accountId)) ? thing : null,
  );
}
