import { publish } from '@simplebank/chassis/outbox';
import { ok, type Result, refuse } from '@simplebank/kernel/result';
import type { Deps } from '../../deps.ts';
import { strategyArchived } from '../../events/published.ts';
import { saveStrategy } from '../data/strategies.ts';
import type { Strategy, StrategyRefusalCode } from '../domain/strategy.ts';
import { changeStrategy, known, type StaffAct } from './change-strategy.ts';

/**
 * Nobody can invest in it or elect it any more. Investments under way go on; elections stay and
 * show it as archived; the runs of its plans fail with STRATEGY_NOT_ACTIVE.
 */
export function archiveStrategy(
  deps: Deps,
  strategyId: string,
  act: StaffAct,
): Promise<Result<string, StrategyRefusalCode>> {
  const command = { name: 'archiveStrategy', input: { strategyId }, strategyId, act };
  return changeStrategy(deps, command, async (tx, change) => {
    const strategy = known(change);
    if (strategy.state !== 'ACTIVE') return refuse('NOT_ACTIVE');
    const eventVersion = strategy.eventVersion + 1;
    const archived: Strategy = { ...strategy, state: 'ARCHIVED', eventVersion };
    await saveStrategy(tx, archived);
    await publish(tx, deps, [strategyArchived(archived, act.story.cause)]);
    return ok(archived);
  });
}
