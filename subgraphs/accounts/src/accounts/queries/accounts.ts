import { parseIdOrNumber } from '@simplebank/kernel/ids';
import type { Context } from '../../context.ts';
import type { Tx } from '../../data/client.ts';
import { findAccountByNumber, findAccounts, listOwned } from '../data/accounts.ts';
import type { Account } from '../domain/account.ts';
import { sightOf } from '../loaders.ts';

/** By UUID or public number; null when it is unknown, foreign or no id at all. */
export async function accountBy(
  { db, viewer, loaders }: Pick<Context, 'db' | 'viewer' | 'loaders'>,
  text: string,
): Promise<Account | null> {
  const wanted = parseIdOrNumber(text);
  if (!wanted) return null;
  if ('id' in wanted) return loaders.accounts.load(wanted.id);
  return findAccountByNumber(db, { number: wanted.number, visibleTo: sightOf(viewer) });
}

/** The accounts that a customer owns, oldest first. */
export const accountsOf = ({ db }: Pick<Context, 'db'>, customerId: string): Promise<Account[]> =>
  listOwned(db, customerId);

/** Without regard to who asks, for the bank's own business; unknown ids are left out. */
export async function accountsById(tx: Tx, ids: readonly string[]): Promise<Map<string, Account>> {
  const found = await findAccounts(tx, { ids, visibleTo: null });
  return new Map(
    found.filter((account) => account !== null).map((account) => [account.id, account]),
  );
}
