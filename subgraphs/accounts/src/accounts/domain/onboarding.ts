import { ok, refuse } from '@simplebank/kernel/result';
import { type Account, type Change, type Decision, move } from './account.ts';
import type { Trigger } from './transitions.ts';

/** What counts of an owner's verification. UNKNOWN: nothing submitted yet, or waiting. */
export type OwnerStanding = 'UNKNOWN' | 'ACCEPTED' | 'ACTION_NEEDED' | 'REJECTED';

/** Where the owners' standings lead the account from here; null: it waits. */
function triggerOf({ status }: Account, owners: readonly OwnerStanding[]): Trigger | null {
  const rejected = owners.includes('REJECTED');
  const needed = owners.includes('ACTION_NEEDED');
  if (status === 'SUBMITTED') {
    if (rejected) return 'OWNER_REJECTED';
    if (needed) return 'ACTION_NEEDED';
    const accepted = owners.length > 0 && owners.every((owner) => owner === 'ACCEPTED');
    return accepted ? 'OWNERS_ACCEPTED' : null;
  }
  if (status !== 'ACTION_REQUIRED') return null;
  if (rejected) return 'OWNER_REJECTED';
  return needed ? null : 'RESUBMIT';
}

/**
 * The changes that follow from what is known of the owners (domain §2.3), until the account waits
 * for somebody. Once no owner has to act any more, the account is submitted again by itself.
 */
export function progress(account: Account, owners: readonly OwnerStanding[]): readonly Change[] {
  const trigger = triggerOf(account, owners);
  const after = trigger && move(account, trigger);
  return after ? [{ account: after, trigger }, ...progress(after, owners)] : [];
}

/** ONBOARDING or ACTION_REQUIRED → SUBMITTED, and as far as the owners' standings lead. */
export function submit(account: Account, owners: readonly OwnerStanding[]): Decision {
  const trigger = account.status === 'ACTION_REQUIRED' ? 'RESUBMIT' : 'SUBMIT';
  const after = move(account, trigger);
  if (!after) return refuse({ code: 'ACCOUNT_STATUS' });
  return ok([{ account: after, trigger }, ...progress(after, owners)]);
}
