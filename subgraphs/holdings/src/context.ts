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
import { maySee } from './resolvers/accounts.ts';

const loaderBatchMax = 200;

export type Context = ReturnType<typeof createContext>;

/** What the viewer may not see is not there; every field of an account asks here first. */
const accountsSeenBy =
  ({ db }: Deps, { viewer }: RequestStory) =>
  async (ids: readonly string[]) => {
    const found = await findAccounts(db, ids);
    return found.map((account) => (account && maySee(viewer, account) ? account : null));
  };

/** One per request: its loaders batch and cache within the request and die with it. */
export function createContext(deps: Deps, story: RequestStory) {
  const loaders = {
    accounts: new DataLoader(accountsSeenBy(deps, story), { maxBatchSize: loaderBatchMax }),
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
