import { publish } from '@simplebank/chassis/outbox';
import { ok, type Result, refuse } from '@simplebank/kernel/result';
import { insertVersion, lockStrategy, saveStrategy } from '../data/strategies.ts';
import type { Deps } from '../deps.ts';
import type { Strategy, StrategyRefusalCode } from '../domain/strategy.ts';
import { strategyVersionPublished } from '../events/published.ts';
import { type GivenSlice, readSlices } from './create-strategy.ts';
import { onceByKey, type Staff } from './keyed-command.ts';

export type VersionDraft = {
  readonly strategyId: string;
  readonly assets: readonly GivenSlice[];
};

/** Makes the next version, current from now on; the versions before it stay as they are. */
export function publishVersion(
  deps: Deps,
  draft: VersionDraft,
  staff: Staff,
): Promise<Result<Strategy, StrategyRefusalCode>> {
  const { strategyId } = draft;
  const command = { name: 'publishVersion', input: draft, strategyId, staff };
  return onceByKey(deps, command, async (tx) => {
    const strategy = await lockStrategy(tx, strategyId);
    if (!strategy) throw new Error(`strategy ${strategyId} has gone`);
    if (strategy.state !== 'ACTIVE') return refuse('NOT_ACTIVE');
    const slices = await readSlices(tx, draft.assets);
    if (!slices.ok) return slices;
    const next = {
      ...strategy,
      slices: slices.value,
      version: strategy.version + 1,
      eventVersion: strategy.eventVersion + 1,
    };
    const { version } = next;
    const publishedAt = deps.clock.now();
    const by = { publishedById: staff.staffId, publishedAt };
    await insertVersion(tx, strategyId, { version, slices: slices.value, ...by });
    await saveStrategy(tx, next);
    await publish(tx, deps, [strategyVersionPublished(next, staff.cause)]);
    return ok(next);
  });
}
