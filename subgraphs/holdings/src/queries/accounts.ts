import { isUuid, parseIdOrNumber } from '@simplebank/kernel/ids';
import { findAccountByNumber, findAccounts, findAccountsOf } from '../data/copies.ts';
import type { Deps } from '../deps.ts';
import type { Account } from '../domain/account.ts';

/** More accounts than anybody may open. */
const accountsPerOwnerMax = 100;

/** By UUID or public number; null for what is neither, or not known here. */
export async function accountByIdOrNumber({ db }: Deps, text: string): Promise<Account | null> {
  const key = parseIdOrNumber(text);
  if (!key) return null;
  return 'id' in key
    ? ((await findAccounts(db, [key.id]))[0] ?? null)
    : findAccountByNumber(db, key.number);
}

/** Oldest first; none for a caller that is no person, such as a service. */
export const accountsOf = async ({ db }: Deps, ownerId: string): Promise<Account[]> =>
  isUuid(ownerId) ? findAccountsOf(db, ownerId, accountsPerOwnerMax) : [];
