import { parseIdOrNumber } from '@simplebank/kernel/ids';
import { findAssetBySymbol, findAssets } from '../data/assets.ts';
import type { Deps } from '../deps.ts';
import { type Asset, isSymbol } from '../domain/asset.ts';

/** By UUID or symbol, the symbol in any case; null when there is none. */
export async function assetByIdOrSymbol({ db }: Deps, text: string): Promise<Asset | null> {
  const key = parseIdOrNumber(text);
  if (key && 'id' in key) return (await findAssets(db, [key.id]))[0] ?? null;
  const symbol = text.toUpperCase();
  return isSymbol(symbol) ? findAssetBySymbol(db, symbol) : null;
}
