import type { Cause } from '@simplebank/contracts/event';
import type { Actor } from '../../commands/audit.ts';
import type { Tx } from '../../data/client.ts';
import type { Deps } from '../../deps.ts';
import { listWaiting } from '../data/accounts.ts';
import { type OwnerStanding, progress } from '../domain/onboarding.ts';
import { lockAccount, saveChanges } from './change-status.ts';

export type StandingChange = {
  readonly customerId: string;
  /** The standings of these owners as they are once the account is locked. */
  readonly standingsOf: (tx: Tx, ownerIds: readonly string[]) => Promise<readonly OwnerStanding[]>;
  readonly command: string;
  readonly by: Actor;
  readonly cause: Cause;
};

/**
 * Moves every waiting account of a customer whose standing has changed. The change is written
 * before the accounts are locked, and all standings are read after: of two owners who change at
 * once, the second sees the first.
 */
export async function progressAccounts(tx: Tx, deps: Deps, given: StandingChange): Promise<void> {
  const { customerId, standingsOf, ...story } = given;
  for (const accountId of await listWaiting(tx, customerId)) {
    const { account: before } = await lockAccount(tx, accountId);
    const changes = progress(before, await standingsOf(tx, before.ownerIds));
    await saveChanges(tx, deps, { before, changes, reason: null, ...story });
  }
}
