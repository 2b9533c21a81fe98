import type { Cause } from '@simplebank/contracts/event';
import { actorOfJob } from '../../commands/audit.ts';
import type { Tx } from '../../data/client.ts';
import type { Deps } from '../../deps.ts';
import { lockPlan } from '../data/plans.ts';
import { findRun } from '../data/runs.ts';
import { fail } from '../domain/run.ts';
import { recordRun } from './record-runs.ts';

export type Refusal = {
  readonly planRunId: string;
  readonly code: string;
  readonly cause: Cause;
};

/** Accounts makes no deposit for these runs: they have failed, and their plans go on. */
export async function refuseFunding(
  tx: Tx,
  deps: Pick<Deps, 'clock' | 'newId'>,
  refusals: readonly Refusal[],
): Promise<void> {
  const inOrder = refusals.toSorted((a, b) => (a.planRunId < b.planRunId ? -1 : 1));
  for (const { planRunId, code, cause } of inOrder) {
    // The plan first and then its run, as everybody locks them.
    const seen = await findRun(tx, planRunId);
    const plan = seen && (await lockPlan(tx, seen.planId));
    const before = plan && (await findRun(tx, planRunId));
    if (!plan || before?.state !== 'FUNDING') continue;
    const after = fail(before, code, deps.clock.now());
    const story = { by: actorOfJob('plan-funding'), cause };
    await recordRun(tx, deps, { plan, before, after, story });
  }
}
