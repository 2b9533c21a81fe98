import type { Deps } from '../../deps.ts';
import { dropProofsBefore } from '../data/device-proofs.ts';
import { dropAttemptsBefore } from '../data/sign-in-attempts.ts';
import { proofLifeMs } from '../domain/device.ts';
import { attemptWindowMs } from '../domain/session.ts';

/** Attempts outside the window count no more; proofs that are too old are refused for their age. */
export async function dropOldAttempts(deps: Deps): Promise<void> {
  const now = deps.clock.now().getTime();
  await deps.transact(async (tx) => {
    await dropAttemptsBefore(tx, new Date(now - attemptWindowMs));
    await dropProofsBefore(tx, new Date(now - proofLifeMs));
  });
}
