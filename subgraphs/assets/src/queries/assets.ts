import { PublicError } from '@simplebank/chassis/errors';
import { parseIdOrNumber } from '@simplebank/kernel/ids';
import { findAssetBySymbol, findAssets, listAssets } from '../data/assets.ts';
import type { Deps } from '../deps.ts';
import { type Asset, isSymbol } from '../domain/asset.ts';

const symbolsMax = 100;
const listedMax = 1_000;

/** By UUID or symbol, the symbol in any case; null when there is none. */
export async function assetByIdOrSymbol({ db }: Deps, text: string): Promise<Asset | null> {
  const key = parseIdOrNumber(text);
  if (key && 'id' in key) return (await findAssets(db, [key.id]))[0] ?? null;
  const symbol = text.toUpperCase();
  return isSymbol(symbol) ? findAssetBySymbol(db, symbol) : null;
}

/** By symbol, in any case; with no symbols the first of all. Throws BAD_INPUT for too many. */
export function assetsToPrice(
  { db }: Pick<Deps, 'db'>,
  symbols: readonly string[] | null,
): Promise<Asset[]> {
  if (symbols && symbols.length > symbolsMax) {
    throw new PublicError('BAD_INPUT', `Expected at most ${symbolsMax} symbols.`, {
      field: 'symbols',
    });
  }
  const named = symbols && [...new Set(symbols.map((one) => one.toUpperCase()))].filter(isSymbol);
  return listAssets(db, { symbols: named, max: listedMax });
}
