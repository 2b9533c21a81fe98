import { saveAccounts, saveAssets, saveQuotes } from '../data/copies.ts';
import type { Transaction } from '../deps.ts';
import type { Account } from '../domain/account.ts';
import type { Asset } from '../domain/asset.ts';
import type { Quote } from '../domain/prices.ts';

/** The latest of each in a batch: one statement may not touch a row twice. */
function latest<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  isNewer: (a: T, b: T) => boolean,
) {
  const byKey = new Map<string, T>();
  for (const item of items) {
    const known = byKey.get(keyOf(item));
    if (!known || isNewer(item, known)) byKey.set(keyOf(item), item);
  }
  return [...byKey.values()];
}

type Versioned = { readonly id: string; readonly version: number };
const newerVersion = (a: Versioned, b: Versioned) => a.version > b.version;

/** Keeps the highest version of each account. */
export const recordAccounts = (tx: Transaction, accounts: readonly Account[]): Promise<void> =>
  saveAccounts(
    tx,
    latest(accounts, ({ id }) => id, newerVersion),
  );

/** Keeps the highest version of each asset. */
export const recordAssets = (tx: Transaction, assets: readonly Asset[]): Promise<void> =>
  saveAssets(
    tx,
    latest(assets, ({ id }) => id, newerVersion),
  );

/** Keeps the quote with the highest sequence of each asset. */
export const recordQuotes = (tx: Transaction, quotes: readonly Quote[]): Promise<void> =>
  saveQuotes(
    tx,
    latest(
      quotes,
      ({ assetId }) => assetId,
      (a, b) => a.sequence > b.sequence,
    ),
  );
