import type { Result } from '@simplebank/kernel/result';
import { audit } from '../../commands/audit.ts';
import { once } from '../../commands/once.ts';
import type { Story } from '../../commands/story.ts';
import type { Tx } from '../../data/client.ts';
import type { Deps } from '../../deps.ts';
import { lockStrategy } from '../data/strategies.ts';
import type { Strategy, StrategyRefusalCode } from '../domain/strategy.ts';

/** What every staff command on strategies comes with. */
export type StaffAct = {
  /** Why staff does it, for the audit; null when clients of the first release do not say. */
  readonly reason: string | null;
  /** Null when the command came without one: then it is decided anew each time. */
  readonly idempotencyKey: string | null;
  readonly story: Story;
};

export type Change = {
  /** Under the lock of the strategy; null when the command makes it. */
  readonly before: Strategy | null;
  readonly id: string;
};

export type StrategyCommand = {
  readonly name: string;
  readonly input: object;
  /** Null for a command that makes a strategy. */
  readonly strategyId: string | null;
  readonly act: StaffAct;
};

/** Runs a staff command on a strategy once per key, with its audit; answers the strategy's id. */
export function changeStrategy(
  deps: Deps,
  { name, input, strategyId, act }: StrategyCommand,
  decide: (tx: Tx, change: Change) => Promise<Result<Strategy, StrategyRefusalCode>>,
): Promise<Result<string, StrategyRefusalCode>> {
  const { reason, idempotencyKey: key, story } = act;
  const asked = { owner: story.by.actor, key, command: name, input, movesMoney: false };
  const ask = { ...asked, ...(strategyId === null ? {} : { subjectId: strategyId }) };
  return once<StrategyRefusalCode>(deps, ask, async (tx, id) => {
    const before = strategyId === null ? null : await lockStrategy(tx, strategyId);
    if (strategyId !== null && !before) throw new Error(`strategy ${strategyId} has gone`);
    const done = await decide(tx, { before, id });
    if (!done.ok) return done;
    const states = { before: before ?? undefined, after: done.value };
    await audit(tx, deps, [{ by: story.by, command: name, subject: id, reason, ...states }]);
    return done;
  });
}

/** The strategy that the command changes. */
export function known({ before, id }: Change): Strategy {
  if (!before) throw new Error(`strategy ${id} is to be changed and was not read`);
  return before;
}
