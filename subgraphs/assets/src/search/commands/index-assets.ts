import { lockAssetsById } from '../../data/assets.ts';
import type { Deps, Tx } from '../../deps.ts';
import type { Asset } from '../../domain/asset.ts';
import { saveDocuments, saveWords, staleIds } from '../data/index-rows.ts';

/** Lets the search find these assets as they are now, in the transaction that changes them. */
export async function indexAssets(tx: Tx, assets: readonly Asset[]): Promise<void> {
  if (assets.length === 0) return;
  await saveDocuments(tx, assets);
  await saveWords(tx, assets);
}

const pageMax = 500;
const pagesMax = 100;

/** Finds what the index lacks, or has in an older form, and adds it: the index is never lost. */
export async function rebuildSearch({ db, transact, log }: Deps): Promise<void> {
  for (let page = 0; page < pagesMax; page += 1) {
    const stale = await staleIds(db, pageMax);
    if (stale.length === 0) return;
    await transact(async (tx) => indexAssets(tx, await lockAssetsById(tx, stale)));
    log.info({ assets: stale.length }, 'the search has learned of assets again');
  }
}
