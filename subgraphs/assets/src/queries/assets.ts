import { parseIdOrNumber } from '@simplebank/kernel/ids';
import {
  type AssetMatch,
  type AssetPlace,
  findAssetBySymbol,
  findAssets,
  searchAssets,
} from '../data/assets.ts';
import type { Deps } from '../deps.ts';
import { type Asset, isSymbol } from '../domain/asset.ts';

export const assetPageMax = 100;
export const assetSearchPageMax = 50;

export type AssetEntry = { readonly asset: Asset; readonly place: AssetPlace };
export type AssetPage = { readonly entries: readonly AssetMatch[]; readonly hasNextPage: boolean };
export type AssetPageRequest = {
  readonly first: number;
  readonly after: AssetPlace | null;
  readonly text: string;
};

/** By UUID or symbol, the symbol in any case; null when there is none. */
export async function assetByIdOrSymbol({ db }: Deps, text: string): Promise<Asset | null> {
  const key = parseIdOrNumber(text);
  if (key && 'id' in key) return (await findAssets(db, [key.id]))[0] ?? null;
  const symbol = text.toUpperCase();
  return isSymbol(symbol) ? findAssetBySymbol(db, symbol) : null;
}

/** One row more than asked for tells whether there is a next page. */
export async function assetPage(
  { db }: Deps,
  { first, after, text }: AssetPageRequest,
): Promise<AssetPage> {
  const matches = await searchAssets(db, { text, after, limit: first + 1 });
  return { entries: matches.slice(0, first), hasNextPage: matches.length > first };
}
