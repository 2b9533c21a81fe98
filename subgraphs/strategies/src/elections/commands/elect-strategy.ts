import { publish } from '@simplebank/chassis/outbox';
import { ok, type Result, refuse } from '@simplebank/kernel/result';
import { audit } from '../../commands/audit.ts';
import { once } from '../../commands/once.ts';
import type { Story } from '../../commands/story.ts';
import type { Tx } from '../../data/client.ts';
import { findAccount } from '../../data/copies.ts';
import type { Deps } from '../../deps.ts';
import { strategyElected } from '../../events/published-plans.ts';
import { lockStrategyToRead } from '../../strategies/index.ts';
import { insertElection, lockElections } from '../data/elections.ts';
import type { ElectionRefusalCode } from '../domain/election.ts';

export type Choice = {
  /** One of the customer's own. */
  readonly accountId: string;
  /** Null ends the election. */
  readonly strategyId: string | null;
  readonly customerId: string;
  /** Null when none was given: electing twice has one effect anyway. */
  readonly idempotencyKey: string | null;
};
type Answer = Result<string, ElectionRefusalCode>;

/**
 * The account follows the current version of the strategy from now on, whatever it followed
 * before. Electing what is elected changes nothing.
 */
export const electStrategy = (deps: Deps, choice: Choice, story: Story): Promise<Answer> =>
  choose(deps, { ...choice, command: 'electStrategy' }, story);

/** The account follows no strategy from now on; what it holds stays as it is. */
export const endElection = (
  deps: Deps,
  choice: Omit<Choice, 'strategyId'>,
  story: Story,
): Promise<Answer> => choose(deps, { ...choice, strategyId: null, command: 'endElection' }, story);

function choose(
  deps: Deps,
  { accountId, strategyId, customerId, idempotencyKey: key, command }: Choice & { command: string },
  { by, cause }: Story,
): Promise<Answer> {
  const input = { accountId, strategyId };
  const ask = { owner: customerId, key, command, input, movesMoney: false, subjectId: accountId };
  return once<ElectionRefusalCode>(deps, ask, async (tx) => {
    const before = await lockElections(tx, accountId);
    if (strategyId === (before?.strategyId ?? null)) return ok(null);
    const refused = strategyId === null ? null : await refusalOf(tx, accountId, strategyId);
    if (refused) return refuse(refused);

    const sequence = (before?.sequence ?? 0) + 1;
    const election = { accountId, sequence, strategyId, customerId, at: deps.clock.now() };
    await insertElection(tx, election);
    const states = { before: before ?? undefined, after: election };
    await audit(tx, deps, [{ by, command, subject: accountId, ...states }]);
    await publish(tx, deps, [strategyElected(election, cause)]);
    return ok(null);
  });
}

async function refusalOf(
  tx: Tx,
  accountId: string,
  strategyId: string,
): Promise<ElectionRefusalCode | null> {
  const strategy = await lockStrategyToRead(tx, strategyId);
  if (strategy?.state !== 'ACTIVE') return 'NOT_ACTIVE';
  const account = await findAccount(tx, { id: accountId });
  return account?.status === 'ACTIVE' ? null : 'ACCOUNT_STATUS';
}
