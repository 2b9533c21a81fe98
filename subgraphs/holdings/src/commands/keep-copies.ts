import { saveAccount, saveAssets, savePrices } from '../data/copies.ts';
import type { Tx } from '../deps.ts';
import type { Account } from '../domain/account.ts';
import { type Asset, type LastPrice, newest } from '../domain/copies.ts';

/** The highest version of each account wins, whatever comes first. */
export async function keepAccounts(tx: Tx, accounts: readonly Account[]): Promise<void> {
  for (const account of newest(accounts, ({ id, version }) => [id, version])) {
    // One by one: accounts change rarely, and an array of owners does not unnest.
    await saveAccount(tx, account);
  }
}

/** The highest version of each asset wins. */
export const keepAssets = (tx: Tx, assets: readonly Asset[]): Promise<void> =>
  saveAssets(
    tx,
    newest(assets, ({ id, version }) => [id, version]),
  );

/** The highest sequence of each price wins. */
export const keepPrices = (tx: Tx, prices: readonly LastPrice[]): Promise<void> =>
  savePrices(
    tx,
    newest(prices, ({ assetId, sequence }) => [assetId, sequence]),
  );
