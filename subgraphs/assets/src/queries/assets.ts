import { parseIdOrNumber } from '@simplebank/kernel/ids';
import {
  type AssetMatch,
  type AssetSearch,
  findAssetBySymbol,
  findAssets,
  searchAssets,
} from '../data/assets.ts';
import type { Deps } from '../deps.ts';
import { type Asset, isSymbol } from '../domain/asset.ts';

/** By UUID or symbol, the symbol in any case; null when there is none. */
export async function assetByIdOrSymbol({ db }: Deps, text: string): Promise<Asset | null> {
  const key = parseIdOrNumber(text);
  if (key && 'id' in key) return (await findAssets(db, [key.id]))[0] ?? null;
  const symbol = text.toUpperCase();
  return isSymbol(symbol) ? findAssetBySymbol(db, symbol) : null;
}

/** By symbol; with a text, those whose symbol begins with it come first. */
export const matchingAssets = ({ db }: Deps, search: AssetSearch): Promise<AssetMatch[]> =>
  searchAssets(db, search);
