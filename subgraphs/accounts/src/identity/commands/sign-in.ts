import { publish } from '@simplebank/chassis/outbox';
import { ok, type Result, refuse } from '@simplebank/kernel/result';
import { audit } from '../../commands/audit.ts';
import type { Story } from '../../commands/story.ts';
import type { Deps } from '../../deps.ts';
import { customerSignedIn } from '../../events/published.ts';
import {
  type Credentials,
  findCredentials,
  lockPasswordHash,
  replacePasswordHash,
} from '../data/identities.ts';
import { insertSession } from '../data/sessions.ts';
import { forgetAttempts, takeAttempt } from '../data/sign-in-attempts.ts';
import type { Identity } from '../domain/identity.ts';
import { attemptsMax, attemptWindowMs } from '../domain/session.ts';
import { hashSecret } from '../tokens.ts';
import { issueTokens, type TokenPair } from './issue-tokens.ts';

export type SignIn = {
  readonly email: string;
  readonly password: string;
  readonly channel: string;
};
export type SignInRefusal = { readonly code: 'INVALID_CREDENTIALS' | 'TOO_MANY_ATTEMPTS' };
export type SignedIn = { readonly tokens: TokenPair; readonly identity: Identity };

/** An unknown email gets the answer of a wrong password, and takes as long. */
export async function signIn(
  deps: Deps,
  { email, password, channel }: SignIn,
  { by, cause }: Story,
): Promise<Result<SignedIn, SignInRefusal>> {
  const emailHash = hashSecret(email);
  const attempt = { emailHash, now: deps.clock.now(), windowMs: attemptWindowMs, max: attemptsMax };
  const allowed = await deps.transact((tx) => takeAttempt(tx, attempt));
  if (!allowed) return refuse({ code: 'TOO_MANY_ATTEMPTS' });

  const credentials = await findCredentials(deps.db, email);
  const isRight = await deps.passwords.verify(password, credentials?.passwordHash ?? null);
  if (!credentials || !isRight) return refuse({ code: 'INVALID_CREDENTIALS' });

  const newHash = await strongerHash(deps, credentials, password);
  const { identity } = credentials;
  const session = { id: deps.newId(), identityId: identity.id, channel };
  const tokens = await deps.transact(async (tx) => {
    // Changed since it was looked at: this session would outlive the change.
    if ((await lockPasswordHash(tx, identity.id)) !== credentials.passwordHash) return null;
    await forgetAttempts(tx, emailHash);
    if (newHash) await replacePasswordHash(tx, identity.id, newHash);
    await insertSession(tx, { ...session, createdAt: deps.clock.now() });
    const actor = { ...by, actor: identity.id, role: identity.roles.join(' ') };
    await audit(tx, deps, [{ by: actor, command: 'signIn', subject: session.id }]);
    const { id: customerId } = identity;
    await publish(tx, deps, [
      customerSignedIn({ customerId, sessionId: session.id, channel }, cause),
    ]);
    return issueTokens(tx, deps, { identity, session });
  });
  return tokens ? ok({ tokens, identity }) : refuse({ code: 'INVALID_CREDENTIALS' });
}

/** Only now is the password known, so only now can an old hash be made anew. */
const strongerHash = (deps: Deps, { passwordHash }: Credentials, password: string) =>
  deps.passwords.isOutdated(passwordHash) ? deps.passwords.hash(password) : null;
