import type { Cause } from '@simplebank/contracts/event';
import { type OwnerStanding, progressAccounts } from '../../accounts/index.ts';
import { type Actor, audit } from '../../commands/audit.ts';
import type { Tx } from '../../data/client.ts';
import type { Deps } from '../../deps.ts';
import { findVerifications, saveVerification } from '../data/verifications.ts';
import { type Moved, standingOf, type Verification } from '../domain/verification.ts';

export type Saving = {
  readonly before: Verification;
  readonly moved: Moved;
  readonly command: string;
  readonly reason?: string | null;
  readonly by: Actor;
  readonly cause: Cause;
};

/** Saves a change of a verification with its audit, and moves the accounts that waited for it. */
export async function saveMove(tx: Tx, deps: Deps, saving: Saving): Promise<void> {
  const { before, moved, command, reason, by, cause } = saving;
  const { customerId } = before;
  await saveVerification(tx, moved, deps.clock.now());
  // Digests are of states only: one of a person's data would tell who guesses right.
  const states = { before: stateOf(before), after: stateOf(moved.verification) };
  await audit(tx, deps, [{ by, command, subject: customerId, reason: reason ?? null, ...states }]);
  await progressAccounts(tx, deps, { customerId, standingsOf, command, by, cause });
}

const stateOf = ({ status, requestId }: Verification) => ({ status, requestId });

export async function standingsOf(tx: Tx, ownerIds: readonly string[]): Promise<OwnerStanding[]> {
  return (await findVerifications(tx, ownerIds)).map(standingOf);
}
