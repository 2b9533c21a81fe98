import type { Viewer } from '@simplebank/chassis/auth';
import DataLoader from 'dataloader';
import type { Deps } from '../deps.ts';
import type { Run } from './domain/run.ts';
import { type RunsAsked, runsOf, visibleRuns } from './queries/runs.ts';

const batchMax = 100;

export type RebalancingLoaders = {
  /** Only those that the viewer may read. */
  readonly rebalanceRuns: DataLoader<string, Run | null>;
  /** One row more than asked for; null for accounts that the viewer may not read. */
  readonly rebalanceRunsOf: DataLoader<RunsAsked, readonly Run[] | null, string>;
};

export const rebalancingLoaders = (deps: Pick<Deps, 'db'>, viewer: Viewer): RebalancingLoaders => {
  const batch = { maxBatchSize: batchMax };
  return {
    rebalanceRuns: new DataLoader((ids) => visibleRuns(deps, viewer, ids), batch),
    rebalanceRunsOf: new DataLoader((asked) => runsOf(deps, viewer, asked), {
      ...batch,
      cacheKeyFn: ({ accountId, first, after }) => `${accountId} ${first} ${after}`,
    }),
  };
};
