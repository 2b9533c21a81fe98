import type { RequestStory } from '@simplebank/chassis/request';
import DataLoader from 'dataloader';
import { findAccounts } from './data/copies.ts';
import {
  findHoldings,
  findPositions,
  type HoldingWish,
  type PositionWish,
} from './data/holdings.ts';
import type { Deps } from './deps.ts';
import type { Holding } from './domain/holding.ts';
import { lotLoaders } from './lots/index.ts';
import { createLoaders } from './performance/index.ts';

const loaderBatchMax = 200;

export type Context = ReturnType<typeof createContext>;

/** One per request: its loaders batch and cache within the request and die with it. */
export function createContext(deps: Deps, story: RequestStory) {
  const loaders = {
    accounts: new DataLoader((ids: readonly string[]) => findAccounts(deps.db, ids), {
      maxBatchSize: loaderBatchMax,
    }),
    performance: createLoaders(deps),
    lots: lotLoaders(deps),
    holdings: new DataLoader<HoldingWish, Holding[], string>(
      (wishes) => findHoldings(deps.db, wishes),
      { maxBatchSize: loaderBatchMax, cacheKeyFn: (wish) => JSON.stringify(wish) },
    ),
    positions: new DataLoader<PositionWish, Holding | null, string>(
      (wishes) => findPositions(deps.db, wishes),
      { maxBatchSize: loaderBatchMax, cacheKeyFn: (wish) => JSON.stringify(wish) },
    ),
  };
  return { ...deps, ...story, loaders };
}
