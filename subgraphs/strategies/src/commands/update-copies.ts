import type { Tx } from '../data/client.ts';
import { saveAccounts, saveAssets } from '../data/copies.ts';
import type { AccountCopy, AssetCopy } from '../domain/copies.ts';

/** Keeps the accounts and their owners; an older version changes nothing. */
export const updateAccounts = (tx: Tx, accounts: readonly AccountCopy[]): Promise<void> =>
  saveAccounts(tx, accounts);

/** Keeps what an asset is and whether it trades; an older version changes nothing. */
export const updateAssets = (tx: Tx, assets: readonly AssetCopy[]): Promise<void> =>
  saveAssets(tx, assets);
