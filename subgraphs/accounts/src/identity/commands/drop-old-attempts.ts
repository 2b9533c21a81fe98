import type { Deps } from '../../deps.ts';
import { dropAttemptsBefore } from '../data/sign-in-attempts.ts';
import { attemptWindowMs } from '../domain/session.ts';

/** Attempts outside the window count no more and need not be kept. */
export async function dropOldAttempts(deps: Deps): Promise<void> {
  const before = new Date(deps.clock.now().getTime() - attemptWindowMs);
  await deps.transact((tx) => dropAttemptsBefore(tx, before));
}
