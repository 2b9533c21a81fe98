import { publish } from '@simplebank/chassis/outbox';
import { ok, type Result, refuse } from '@simplebank/kernel/result';
import { audit } from '../../commands/audit.ts';
import { type KeyReused, once } from '../../commands/once.ts';
import type { Story } from '../../commands/story.ts';
import type { Tx } from '../../data/client.ts';
import type { Deps } from '../../deps.ts';
import { passwordChanged, tokensRevoked } from '../../events/published.ts';
import { findCredentialsOf, lockPasswordHash, replacePasswordHash } from '../data/identities.ts';
import { revokeSessions } from '../data/sessions.ts';
import { forgetAttempts, takeAttempt } from '../data/sign-in-attempts.ts';
import { isStrongPassword } from '../domain/password-policy.ts';
import { attemptsMax, attemptWindowMs } from '../domain/session.ts';
import { hashSecret } from '../tokens.ts';

export type ChangePassword = {
  readonly identityId: string;
  /** The session that goes on; null ends all. */
  readonly sessionId: string | null;
  readonly oldPassword: string;
  readonly newPassword: string;
  readonly idempotencyKey: string | null;
};
export type PasswordRefusal = {
  readonly code: 'INVALID_CREDENTIALS' | 'TOO_MANY_ATTEMPTS' | 'PASSWORD_TOO_WEAK';
};

/**
 * Replaces the password and ends every other session. Wrong guesses count like those at the door:
 * whoever holds a stolen token has no more of them.
 */
export async function changePassword(
  deps: Deps,
  asked: ChangePassword,
  { by, cause }: Story,
): Promise<Result<string, PasswordRefusal | KeyReused>> {
  const { identityId, oldPassword, newPassword, idempotencyKey: key } = asked;
  const credentials = await findCredentialsOf(deps.db, identityId);
  if (!credentials) return refuse({ code: 'INVALID_CREDENTIALS' });
  const { email } = credentials.identity;
  if (!isStrongPassword(newPassword, email)) return refuse({ code: 'PASSWORD_TOO_WEAK' });

  const emailHash = hashSecret(email);
  const now = deps.clock.now();
  const attempt = { emailHash, now, windowMs: attemptWindowMs, max: attemptsMax };
  const allowed = await deps.transact((tx) => takeAttempt(tx, attempt));
  if (!allowed) return refuse({ code: 'TOO_MANY_ATTEMPTS' });

  const isRight = await deps.passwords.verify(oldPassword, credentials.passwordHash);
  const newHash = isRight ? await deps.passwords.hash(newPassword) : null;
  // Passwords stay out of the input: even a quick hash of one must not be kept.
  const input = deps.dataKeys.fingerprint(JSON.stringify([oldPassword, newPassword]));
  const ask = { owner: identityId, key, command: 'changePassword', input, movesMoney: false };
  return once<PasswordRefusal>(deps, ask, async (tx) => {
    const current = await lockPasswordHash(tx, identityId);
    if (!newHash || current !== credentials.passwordHash) {
      return refuse({ code: 'INVALID_CREDENTIALS' });
    }
    await forgetAttempts(tx, emailHash);
    await replacePasswordHash(tx, identityId, newHash);
    await audit(tx, deps, [{ by, command: 'changePassword', subject: identityId }]);
    await publish(tx, deps, [passwordChanged({ id: deps.newId(), customerId: identityId }, cause)]);
    await endOtherSessions(tx, deps, { ...asked, cause });
    return ok(identityId);
  });
}

type Ending = Pick<ChangePassword, 'identityId' | 'sessionId'> & Pick<Story, 'cause'>;

async function endOtherSessions(tx: Tx, deps: Deps, { identityId, sessionId, cause }: Ending) {
  const reason = 'PASSWORD_CHANGED' as const;
  const revocation = { at: deps.clock.now(), reason, except: sessionId };
  if ((await revokeSessions(tx, identityId, revocation)) === 0) return;
  const revoked = { customerId: identityId, sessionId: null, exceptSessionId: sessionId, reason };
  await publish(tx, deps, [tokensRevoked({ id: deps.newId(), ...revoked }, cause)]);
}
