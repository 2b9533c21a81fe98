import { ok, type Result, refuse } from '@simplebank/kernel/result';
import { once } from '../../commands/once.ts';
import type { Story } from '../../commands/story.ts';
import type { Deps } from '../../deps.ts';
import { lockRuns } from '../data/runs.ts';
import { stop } from '../domain/advance.ts';
import { recordSteps } from './record-steps.ts';

export type CancelWish = {
  readonly runId: string;
  readonly customerId: string;
  /** Null when the command came without one: canceling twice has one effect anyway. */
  readonly idempotencyKey: string | null;
};
export type CancelRebalanceRefusal = 'NOT_CANCELABLE' | 'IDEMPOTENCY_KEY_REUSED';

const command = 'cancelRebalance';

/**
 * Stops what is not sent yet; orders that are under way go on and are recorded. A second cancel
 * answers the first; a run that ended otherwise is NOT_CANCELABLE.
 */
export function cancelRebalance(
  deps: Deps,
  { runId, customerId: owner, idempotencyKey: key }: CancelWish,
  story: Story,
): Promise<Result<string, CancelRebalanceRefusal>> {
  const ask = { owner, key, command, input: { runId }, movesMoney: true, subjectId: runId };
  return once<'NOT_CANCELABLE'>(deps, ask, async (tx) => {
    const [before] = await lockRuns(tx, [runId]);
    if (!before) throw new Error(`rebalancing ${runId} has gone`);
    if (before.status === 'CANCELED' || before.status === 'CANCELED_MID_RUN') return ok(null);
    const canceled = stop(before, 'CANCEL', { now: deps.clock.now(), reason: null });
    if (!canceled) return refuse('NOT_CANCELABLE');
    const { by, cause } = story;
    await recordSteps(tx, deps, { before, steps: [canceled], by, command, cause });
    return ok(null);
  });
}
