export { followRebalanceOrders } from './commands/follow-rebalance-orders.ts';
export { keepPositions, keepPrices } from './commands/keep-copies.ts';
export { beginQueuedRuns, timeOutRuns } from './commands/tend-runs.ts';
export { type RebalancingLoaders, rebalancingLoaders } from './loaders.ts';
