import { parseIdOrNumber } from '@simplebank/kernel/ids';
import { findAssetsNamed } from '../data/assets-named.ts';
import type { Deps } from '../deps.ts';
import { type Asset, isSymbol } from '../domain/asset.ts';

/** By UUIDs or symbols, each once and in their order; what is unknown is left out. */
export async function assetsByIdOrSymbol(
  { db }: Pick<Deps, 'db'>,
  texts: readonly string[],
): Promise<Asset[]> {
  const names = texts.map(nameOf);
  const found = await findAssetsNamed(db, {
    ids: names.flatMap(({ id }) => id ?? []),
    symbols: names.flatMap(({ symbol }) => symbol ?? []),
  });
  const asked = names.flatMap(({ id, symbol }) =>
    found.filter((asset) => asset.id === id || asset.symbol === symbol),
  );
  return [...new Set(asked)];
}

type Name = { readonly id?: string; readonly symbol?: string };

function nameOf(text: string): Name {
  const key = parseIdOrNumber(text);
  if (key && 'id' in key) return { id: key.id };
  const symbol = text.toUpperCase();
  return isSymbol(symbol) ? { symbol } : {};
}
