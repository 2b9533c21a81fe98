import { ok, type Result, refuse } from '@simplebank/kernel/result';
import { type KeyReused, once } from '../../commands/once.ts';
import type { Story } from '../../commands/story.ts';
import type { Deps } from '../../deps.ts';
import { saveProfile } from '../data/profiles.ts';
import { insertRequest } from '../data/requests.ts';
import { lockVerification } from '../data/verifications.ts';
import { type BirthRefusal, birthRefusal, type Profile } from '../domain/profile.ts';
import { decide, type VerificationRefusal } from '../domain/verification.ts';
import { saveMove } from './save-move.ts';

export type SubmitProfile = {
  readonly customerId: string;
  readonly profile: Profile;
  readonly idempotencyKey: string | null;
};
export type ProfileRefusal = BirthRefusal | VerificationRefusal;

/** Takes the profile and writes the question to the provider down; a job asks it. */
export async function submitProfile(
  deps: Deps,
  { customerId, profile, idempotencyKey: key }: SubmitProfile,
  { by, cause }: Story,
): Promise<Result<string, ProfileRefusal | KeyReused>> {
  const submittedAt = deps.clock.now();
  const tooYoung = birthRefusal(profile.dateOfBirth, submittedAt.toISOString().slice(0, 10));
  if (tooYoung) return refuse(tooYoung);

  // A quick hash of a person's data would give it to whoever tries all identity numbers.
  const input = deps.dataKeys.fingerprint(JSON.stringify(profile));
  const ask = { owner: customerId, key, command: 'submitProfile', input, movesMoney: false };
  return once<ProfileRefusal>(deps, ask, async (tx, requestId) => {
    const before = await lockVerification(tx, customerId);
    if (!before) throw new Error(`${customerId} is no customer`);
    const decided = decide({ ...before, requestId }, 'PROFILE_SUBMITTED');
    if (!decided.ok) return decided;
    const identityNumber = deps.dataKeys.seal(profile.identityNumber, customerId);
    await saveProfile(tx, { customerId, profile: { ...profile, identityNumber }, submittedAt });
    await insertRequest(tx, { id: requestId, customerId, submittedAt });
    const moved = decided.value;
    await saveMove(tx, deps, { before, moved, command: 'submitProfile', by, cause });
    return ok(requestId);
  });
}
