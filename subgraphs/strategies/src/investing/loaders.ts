import type { Viewer } from '@simplebank/chassis/auth';
import DataLoader from 'dataloader';
import type { Deps } from '../deps.ts';
import type { StrategyOrder } from './domain/strategy-order.ts';
import { visibleOrders } from './queries/strategy-orders.ts';

const batchMax = 100;

export type InvestingLoaders = {
  readonly strategyOrders: DataLoader<string, StrategyOrder | null>;
};

export const investingLoaders = (deps: Pick<Deps, 'db'>, viewer: Viewer): InvestingLoaders => ({
  strategyOrders: new DataLoader((ids) => visibleOrders(deps, viewer, ids), {
    maxBatchSize: batchMax,
  }),
});
