import type { Tx } from '../../data/client.ts';

export type Attempt = {
  readonly emailHash: string;
  readonly now: Date;
  readonly windowMs: number;
  readonly max: number;
};

/**
 * Counts this attempt before the password is looked at, so that attempts made at once are counted
 * too. False when the email has used up its attempts.
 */
export async function takeAttempt(tx: Tx, attempt: Attempt): Promise<boolean> {
  const { emailHash, now, windowMs, max } = attempt;
  await tx.$queryRaw`/* identity.lock-attempts */
    SELECT pg_advisory_xact_lock(hashtextextended(${emailHash}, 0))::text`;
  const since = new Date(now.getTime() - windowMs);
  const made = await tx.signInAttempt.count({ where: { emailHash, at: { gt: since } } });
  if (made >= max) return false;
  await tx.signInAttempt.create({ data: { emailHash, at: now } });
  return true;
}

/** Who has signed in has made no failed attempt. */
export async function forgetAttempts(tx: Tx, emailHash: string): Promise<void> {
  await tx.signInAttempt.deleteMany({ where: { emailHash } });
}

/** Removes attempts that no longer count. */
export async function dropAttemptsBefore(tx: Tx, before: Date): Promise<void> {
  await tx.signInAttempt.deleteMany({ where: { at: { lt: before } } });
}
