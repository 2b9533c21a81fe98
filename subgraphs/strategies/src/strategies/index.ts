export { findStrategy, lockStrategyToRead } from './data/strategies.ts';
export type { Strategy } from './domain/strategy.ts';
export { type StrategyLoaders, strategyLoaders } from './loaders.ts';
export { strategyBy } from './queries/strategies.ts';
