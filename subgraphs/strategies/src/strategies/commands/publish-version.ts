import { publish } from '@simplebank/chassis/outbox';
import { ok, type Result, refuse } from '@simplebank/kernel/result';
import type { Deps } from '../../deps.ts';
import { strategyVersionPublished } from '../../events/published.ts';
import { insertVersion, saveStrategy } from '../data/strategies.ts';
import type { StrategyRefusalCode } from '../domain/strategy.ts';
import { changeStrategy, known, type StaffAct } from './change-strategy.ts';
import { type GivenSlice, readSlices } from './create-strategy.ts';

export type VersionDraft = {
  readonly strategyId: string;
  readonly assets: readonly GivenSlice[];
};

/** Makes the next version, current from now on; the versions before it stay as they are. */
export function publishVersion(
  deps: Deps,
  draft: VersionDraft,
  act: StaffAct,
): Promise<Result<string, StrategyRefusalCode>> {
  const { strategyId } = draft;
  const command = { name: 'publishVersion', input: draft, strategyId, act };
  return changeStrategy(deps, command, async (tx, change) => {
    const strategy = known(change);
    if (strategy.state !== 'ACTIVE') return refuse('NOT_ACTIVE');
    const slices = await readSlices(tx, draft.assets);
    if (!slices.ok) return slices;
    const version = strategy.version + 1;
    const eventVersion = strategy.eventVersion + 1;
    const next = { ...strategy, slices: slices.value, version, eventVersion };
    const by = { publishedById: act.story.by.actor, publishedAt: deps.clock.now() };
    await insertVersion(tx, strategyId, { version, slices: slices.value, ...by });
    await saveStrategy(tx, next);
    await publish(tx, deps, [strategyVersionPublished(next, act.story.cause)]);
    return ok(next);
  });
}
