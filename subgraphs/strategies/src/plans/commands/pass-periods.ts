import { audit } from '../../commands/audit.ts';
import type { Story } from '../../commands/story.ts';
import type { Tx } from '../../data/client.ts';
import type { Deps } from '../../deps.ts';
import { localDateOf } from '../../domain/local-date.ts';
import { savePlan } from '../data/plans.ts';
import { insertRuns, runsToInvest } from '../data/runs.ts';
import { hasNext, lookAt, type Plan } from '../domain/plan.ts';
import { beginRun, type PlanRun, periodsPassed, type SkipReason, skip } from '../domain/run.ts';
import { recordRun } from './record-runs.ts';

type Publishing = Pick<Deps, 'clock' | 'newId'>;
export type Passing = { readonly plan: Plan; readonly story: Story };

/** When nothing could be done with a plan because the calendar of its next day is not known. */
const lookAgainMs = 86_400_000;

/**
 * Makes a run of each planned day of a locked plan that is due by now. The newest one takes place;
 * those before it have been missed, by the bank and not by the customer, and nothing is caught up.
 * While the plan is paused its days are skipped, not saved up (domain §6.3).
 */
export async function passPeriods(tx: Tx, deps: Publishing, given: Passing): Promise<Plan> {
  const { plan, story } = given;
  const now = deps.clock.now();
  const { passed, nextPeriod, hasMore } = periodsPassed(plan, now);
  const runs = passed.map((period, nth) => {
    const isNewest = nth === passed.length - 1 && !hasMore;
    const skipped = plan.state === 'PAUSED' ? 'PAUSED' : isNewest ? null : 'MISSED';
    return beginRun(plan, { ...period, id: deps.newId(), skipped }, now);
  });
  const isNew = runs.some(({ state }) => state === 'DUE');
  if (isNew) await skipRuns(tx, deps, { plan, story, reason: 'MISSED', states: ['DUE'] });
  for (const after of await insertRuns(tx, runs)) {
    // One after another: they share the transaction's connection.
    await recordRun(tx, deps, { plan, before: null, after, story });
  }
  const moved = await endIfOver(tx, deps, { plan: { ...plan, nextPeriod }, story });
  const look = lookAt(moved);
  const isStuck = look <= now && !hasMore && moved.state !== 'ENDED';
  await savePlan(tx, moved, isStuck ? new Date(now.getTime() + lookAgainMs) : look);
  return moved;
}

/** After its end date an active plan has ended; a paused one waits for its owner. */
async function endIfOver(tx: Tx, deps: Publishing, { plan, story }: Passing): Promise<Plan> {
  const today = localDateOf(deps.clock.now());
  const isOver = plan.endDate !== null && today > plan.endDate && !hasNext(plan);
  if (!isOver || plan.state !== 'ACTIVE') return plan;
  const after = { ...plan, state: 'ENDED' } as const;
  const act = { by: story.by, command: 'endPlan', subject: plan.id, before: plan, after };
  await audit(tx, deps, [act]);
  return after;
}

type Skipping = Passing & {
  readonly reason: SkipReason;
  readonly states: readonly PlanRun['state'][];
};

/** Skips the runs of a locked plan that nothing was bought for yet. */
export async function skipRuns(
  tx: Tx,
  deps: Publishing,
  { plan, story, reason, states }: Skipping,
): Promise<void> {
  for (const before of await runsToInvest(tx, plan.id)) {
    if (!states.includes(before.state)) continue;
    const after = skip(before, reason, deps.clock.now());
    await recordRun(tx, deps, { plan, before, after, story });
  }
}
