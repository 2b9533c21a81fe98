import DataLoader from 'dataloader';
import type { Deps } from '../deps.ts';
import { findStrategies } from './data/strategies.ts';
import type { Strategy } from './domain/strategy.ts';

const batchMax = 100;

export type StrategyLoaders = {
  /** Whoever is signed in may read every strategy. */
  readonly strategies: DataLoader<string, Strategy | null>;
};

export const strategyLoaders = ({ db }: Pick<Deps, 'db'>): StrategyLoaders => ({
  strategies: new DataLoader((ids) => findStrategies(db, ids), { maxBatchSize: batchMax }),
});
