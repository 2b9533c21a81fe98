import DataLoader from 'dataloader';
import type { Deps } from '../deps.ts';
import { findHistories, type HistoryWish } from './data/histories.ts';
import { findPortfolios, type PortfolioWish } from './data/portfolios.ts';
import { findElected } from './data/strategies.ts';
import { newYorkDay } from './domain/days.ts';
import type { ValuedDay } from './domain/performance.ts';
import type { Portfolio } from './domain/portfolio.ts';
import type { Elected } from './domain/strategy.ts';

const batchMax = 200;
const cacheKeyFn = (wish: object): string => JSON.stringify(wish);

/** Two statements for portfolios, one for histories, one for strategies, for up to 200 accounts. */
export function createLoaders({ db, clock }: Pick<Deps, 'db' | 'clock'>) {
  return {
    portfolios: new DataLoader<PortfolioWish, Portfolio, string>(
      (wishes) => findPortfolios(db, wishes, newYorkDay(clock.now())),
      { maxBatchSize: batchMax, cacheKeyFn },
    ),
    histories: new DataLoader<HistoryWish, ValuedDay[], string>(
      (wishes) => findHistories(db, wishes),
      { maxBatchSize: batchMax, cacheKeyFn },
    ),
    elected: new DataLoader<string, Elected | null>((ids) => findElected(db, ids), {
      maxBatchSize: batchMax,
    }),
  };
}
