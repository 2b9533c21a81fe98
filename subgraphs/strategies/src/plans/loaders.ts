import type { Viewer } from '@simplebank/chassis/auth';
import DataLoader from 'dataloader';
import type { Deps } from '../deps.ts';
import { readable } from '../queries/accounts.ts';
import { findPlans, listPlans, type PlanPage } from './data/plans.ts';
import { listRuns, type RunPage } from './data/runs.ts';
import type { Plan } from './domain/plan.ts';
import type { PlanRun } from './domain/run.ts';

const batchMax = 100;

export type PlanLoaders = {
  readonly plans: DataLoader<string, Plan | null>;
  /** Of accounts and plans that the caller has seen may be read. */
  readonly planPages: DataLoader<PlanPage, readonly Plan[], string>;
  readonly runPages: DataLoader<RunPage, readonly PlanRun[], string>;
};

const cacheKeyFn = ({ after, ...page }: { readonly after: bigint | string | null }): string =>
  JSON.stringify({ ...page, after: after?.toString() });

export function planLoaders(deps: Pick<Deps, 'db'>, viewer: Viewer): PlanLoaders {
  const batch = { maxBatchSize: batchMax };
  return {
    plans: new DataLoader(
      async (ids) => readable(deps, viewer, await findPlans(deps.db, ids)),
      batch,
    ),
    planPages: new DataLoader((pages: readonly PlanPage[]) => listPlans(deps.db, pages), {
      ...batch,
      cacheKeyFn,
    }),
    runPages: new DataLoader((pages: readonly RunPage[]) => listRuns(deps.db, pages), {
      ...batch,
      cacheKeyFn,
    }),
  };
}
