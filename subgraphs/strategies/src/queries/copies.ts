import type { Viewer } from '@simplebank/chassis/auth';
import DataLoader from 'dataloader';
import { findAssets } from '../data/copies.ts';
import type { Deps } from '../deps.ts';
import type { AccountCopy, AssetCopy } from '../domain/copies.ts';
import { readableAccounts } from './accounts.ts';

const batchMax = 100;

export type CopyLoaders = {
  /** Only those that the viewer may read. */
  readonly accounts: DataLoader<string, AccountCopy | null>;
  readonly assets: DataLoader<string, AssetCopy | null>;
};

export const copyLoaders = (deps: Pick<Deps, 'db'>, viewer: Viewer): CopyLoaders => {
  const batch = { maxBatchSize: batchMax };
  return {
    accounts: new DataLoader((ids) => readableAccounts(deps, viewer, ids), batch),
    assets: new DataLoader(async (ids) => {
      const known = await findAssets(deps.db, ids);
      return ids.map((id) => known.get(id) ?? null);
    }, batch),
  };
};
