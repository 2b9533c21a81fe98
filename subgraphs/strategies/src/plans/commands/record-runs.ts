import { publish } from '@simplebank/chassis/outbox';
import { type Actor, actorOfJob, audit } from '../../commands/audit.ts';
import type { Story } from '../../commands/story.ts';
import type { Tx } from '../../data/client.ts';
import type { Deps } from '../../deps.ts';
import { planRunFact } from '../../events/published-plans.ts';
import type { Outcome } from '../../investing/domain/strategy-order.ts';
import { saveRun } from '../data/runs.ts';
import type { Plan } from '../domain/plan.ts';
import type { PlanRun } from '../domain/run.ts';

type Publishing = Pick<Deps, 'clock' | 'newId'>;

const scheduler: Actor = actorOfJob('plan-scheduler');

/** What the scheduler does belongs to the story of the run or plan. */
export const storyOfScheduler = (id: string): Story => ({
  by: scheduler,
  cause: { correlationId: id, causationId: null, traceparent: null },
});

export type RunMove = {
  readonly plan: Plan;
  /** Null for a run that was inserted just now. */
  readonly before: PlanRun | null;
  readonly after: PlanRun;
  /** What its investment came to; of a run that has completed. */
  readonly outcome?: Outcome;
  readonly story: Story;
};

/** Saves a run of a locked plan that has moved, with its audit and the fact that it stands for. */
export async function recordRun(
  tx: Tx,
  deps: Publishing,
  { plan, before, after, outcome, story }: RunMove,
): Promise<PlanRun> {
  const run = { ...after, eventVersion: after.eventVersion + 1 };
  const { by, cause } = story;
  const fact = planRunFact(plan, run, { outcome, cause });
  await saveRun(tx, run);
  const states = { before: before ?? undefined, after: run };
  const act = { by, command: commands[run.state], subject: run.id, reason: run.reason, ...states };
  await audit(tx, deps, [act]);
  if (fact) await publish(tx, deps, [fact]);
  return run;
}

const commands: Readonly<Record<PlanRun['state'], string>> = {
  DUE: 'beginPlanRun',
  FUNDING: 'fundPlanRun',
  INVESTING: 'investPlanRun',
  COMPLETED: 'completePlanRun',
  SKIPPED: 'skipPlanRun',
  FAILED: 'failPlanRun',
};
