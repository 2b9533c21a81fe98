import type { Asset } from '../domain/asset.ts';
import { toAsset } from './assets.ts';
import type { Tx } from './client.ts';

type Names = { readonly ids: readonly string[]; readonly symbols: readonly string[] };

/** All that bear one of these ids or symbols, in one read. */
export async function findAssetsNamed(db: Tx, { ids, symbols }: Names): Promise<Asset[]> {
  const rows = await db.asset.findMany({
    where: { OR: [{ id: { in: [...ids] } }, { symbol: { in: [...symbols] } }] },
  });
  return rows.map(toAsset);
}
