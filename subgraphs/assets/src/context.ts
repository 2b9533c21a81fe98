import type { RequestStory } from '@simplebank/chassis/request';
import DataLoader from 'dataloader';
import { actionLoaders } from './actions/index.ts';
import { candleLoaders } from './candles/index.ts';
import { findAssets } from './data/assets.ts';
import { findQuotes } from './data/quotes.ts';
import type { Deps } from './deps.ts';

const loaderBatchMax = 500;

export type Context = ReturnType<typeof createContext>;

/** One per request: its loaders batch and cache within the request and die with it. */
export function createContext(deps: Deps, story: RequestStory) {
  const batch = { maxBatchSize: loaderBatchMax };
  const loaders = {
    assets: new DataLoader((ids: readonly string[]) => findAssets(deps.db, ids), batch),
    quotes: new DataLoader((ids: readonly string[]) => findQuotes(deps.db, ids), batch),
    ...candleLoaders(deps),
    ...actionLoaders(deps),
  };
  return { ...deps, ...story, loaders };
}
