import { attempt } from '../../commands/attempt.ts';
import type { Tx } from '../../data/client.ts';
import type { Deps } from '../../deps.ts';
import { lockIdlePlan, type PlanPlace, plansToLookAt } from '../data/plans.ts';
import { type OpenRun, runsToAdvance } from '../data/runs.ts';
import type { Plan } from '../domain/plan.ts';
import { advanceRun } from './advance-run.ts';
import { passPeriods } from './pass-periods.ts';
import { storyOfScheduler } from './record-runs.ts';

/** Plans or runs that are read at once, and how many pages of them one look takes on. */
const pageMax = 100;
const pagesMax = 10;

/**
 * Begins the runs that are due and moves those under way. Any number of instances may do so at the
 * same time: each plan is one instance's at a time, and a period has one run (domain §6.3).
 */
export async function runPlans(deps: Deps): Promise<void> {
  const { db } = deps;
  const now = deps.clock.now();
  const plans = pagesOf((after: PlanPlace | null) =>
    plansToLookAt(db, { now, after, max: pageMax }),
  );
  // Each plan commits on its own: trouble with one does not hold up the others.
  for await (const { id } of plans) {
    await withPlan(deps, id, async (tx, plan) => {
      const isWaiting = plan.state === 'ACTIVE' || plan.state === 'PAUSED';
      if (isWaiting) await passPeriods(tx, deps, { plan, story: storyOfScheduler(id) });
    });
  }
  const runs = pagesOf((after: OpenRun | null) => runsToAdvance(db, { now, after, max: pageMax }));
  for await (const { id, planId } of runs) {
    await withPlan(deps, planId, (tx, plan) => advanceRun(tx, deps, { plan, runId: id }));
  }
}

/** Page after page, so that those which do not get on keep no others from their turn. */
async function* pagesOf<Place>(
  read: (after: Place | null) => Promise<readonly Place[]>,
): AsyncGenerator<Place> {
  let after: Place | null = null;
  for (let nth = 0; nth < pagesMax; nth += 1) {
    const page: readonly Place[] = await read(after);
    yield* page;
    after = page.at(-1) ?? null;
    if (page.length < pageMax) return;
  }
}

const withPlan = (
  deps: Deps,
  id: string,
  work: (tx: Tx, plan: Plan) => Promise<void>,
): Promise<void> =>
  attempt(deps, { kind: 'PLAN', id }, async (tx) => {
    const plan = await lockIdlePlan(tx, id);
    if (plan) await work(tx, plan);
  });
