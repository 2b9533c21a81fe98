import type { Tx } from '../data/client.ts';
import { type Account, type Contact, saveAccounts, saveContacts } from '../data/copies.ts';

/** Keeps the owners of accounts; an older version changes nothing. */
export const updateAccounts = (tx: Tx, accounts: readonly Account[]): Promise<void> =>
  saveAccounts(tx, accounts);

/** Keeps how customers can be reached; an older version changes nothing. */
export const updateContacts = (tx: Tx, contacts: readonly Contact[]): Promise<void> =>
  saveContacts(tx, contacts);
