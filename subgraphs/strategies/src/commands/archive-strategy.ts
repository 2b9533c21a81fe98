import { publish } from '@simplebank/chassis/outbox';
import { ok, type Result, refuse } from '@simplebank/kernel/result';
import { lockStrategy, saveStrategy } from '../data/strategies.ts';
import type { Deps } from '../deps.ts';
import type { Strategy, StrategyRefusalCode } from '../domain/strategy.ts';
import { strategyArchived } from '../events/published.ts';
import { onceByKey, type Staff } from './keyed-command.ts';

/** Nobody can invest in it any more; investments under way go on. */
export function archiveStrategy(
  deps: Deps,
  strategyId: string,
  staff: Staff,
): Promise<Result<Strategy, StrategyRefusalCode>> {
  const command = { name: 'archiveStrategy', input: { strategyId }, strategyId, staff };
  return onceByKey(deps, command, async (tx) => {
    const strategy = await lockStrategy(tx, strategyId);
    if (!strategy) throw new Error(`strategy ${strategyId} has gone`);
    if (strategy.state !== 'ACTIVE') return refuse('NOT_ACTIVE');
    const eventVersion = strategy.eventVersion + 1;
    const archived: Strategy = { ...strategy, state: 'ARCHIVED', eventVersion };
    await saveStrategy(tx, archived);
    await publish(tx, deps, [strategyArchived(archived, staff.cause)]);
    return ok(archived);
  });
}
