import type { RequestStory } from '@simplebank/chassis/request';
import DataLoader from 'dataloader';
import { findAssets } from './data/copies.ts';
import { findStrategies } from './data/strategies.ts';
import type { Deps } from './deps.ts';
import type { AssetCopy } from './domain/copies.ts';
import { visibleOrders } from './queries/strategy-orders.ts';

const loaderBatchMax = 100;

export type Context = ReturnType<typeof createContext>;

/** One per request: its loaders batch and cache within the request and die with it. */
export function createContext(deps: Deps, story: RequestStory) {
  const batch = { maxBatchSize: loaderBatchMax };
  const loaders = {
    strategies: new DataLoader((ids: readonly string[]) => findStrategies(deps.db, ids), batch),
    strategyOrders: new DataLoader(
      (ids: readonly string[]) => visibleOrders(deps, story.viewer, ids),
      batch,
    ),
    assets: new DataLoader<string, AssetCopy | null>(async (ids) => {
      const known = await findAssets(deps.db, ids);
      return ids.map((id) => known.get(id) ?? null);
    }, batch),
  };
  return { ...deps, ...story, loaders };
}
