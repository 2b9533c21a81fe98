import { publish } from '@simplebank/chassis/outbox';
import { ok, type Result, refuse } from '@simplebank/kernel/result';
import { audit } from '../../commands/audit.ts';
import type { Story } from '../../commands/story.ts';
import type { Tx } from '../../data/client.ts';
import type { Deps } from '../../deps.ts';
import { customerSignedIn } from '../../events/published.ts';
import { useProof } from '../data/device-proofs.ts';
import {
  type Credentials,
  findCredentials,
  lockPasswordHash,
  replacePasswordHash,
} from '../data/identities.ts';
import { insertSession } from '../data/sessions.ts';
import { forgetAttempts, takeAttempt } from '../data/sign-in-attempts.ts';
import { readProof } from '../device-proofs.ts';
import { type DeviceProof, type DeviceRefusal, fits, signInPurpose } from '../domain/device.ts';
import type { Identity } from '../domain/identity.ts';
import { attemptsMax, attemptWindowMs, bindsDevices } from '../domain/session.ts';
import { hashSecret } from '../tokens.ts';
import { issueTokens, type TokenPair } from './issue-tokens.ts';

export type SignIn = {
  readonly email: string;
  readonly password: string;
  readonly channel: string;
  readonly deviceProof: string | null;
};
export type SignInRefusal = {
  readonly code: 'INVALID_CREDENTIALS' | 'TOO_MANY_ATTEMPTS' | DeviceRefusal['code'];
};
export type SignedIn = { readonly tokens: TokenPair; readonly identity: Identity };

/** An unknown email gets the answer of a wrong password, and takes as long. */
export async function signIn(
  deps: Deps,
  asked: SignIn,
  story: Story,
): Promise<Result<SignedIn, SignInRefusal>> {
  const { email, password, channel } = asked;
  const shown = await deviceOf(deps, asked);
  if (!shown.ok) return shown;

  const emailHash = hashSecret(email);
  const attempt = { emailHash, now: deps.clock.now(), windowMs: attemptWindowMs, max: attemptsMax };
  const allowed = await deps.transact((tx) => takeAttempt(tx, attempt));
  if (!allowed) return refuse({ code: 'TOO_MANY_ATTEMPTS' });

  const credentials = await findCredentials(deps.db, email);
  const isRight = await deps.passwords.verify(password, credentials?.passwordHash ?? null);
  if (!credentials || !isRight) return refuse({ code: 'INVALID_CREDENTIALS' });

  const newHash = await strongerHash(deps, credentials, password);
  const opening = { credentials, newHash, emailHash, channel, device: shown.value };
  return deps.transact((tx) => openSession(tx, deps, { ...opening, story }));
}

/** The key that the session will be bound to; null where none is wanted and none is shown. */
async function deviceOf(
  deps: Deps,
  { channel, deviceProof }: SignIn,
): Promise<Result<DeviceProof | null, SignInRefusal>> {
  const proof = await readProof(deviceProof);
  if (proof === 'ABSENT') {
    return bindsDevices(channel) ? refuse({ code: 'DEVICE_PROOF_REQUIRED' }) : ok(null);
  }
  const use = { purpose: signInPurpose, tokenHash: null, now: deps.clock.now() };
  const isGood = proof !== 'UNREADABLE' && fits(proof, use);
  return isGood ? ok(proof) : refuse({ code: 'DEVICE_PROOF_INVALID' });
}

type Opening = {
  readonly credentials: Credentials;
  readonly newHash: string | null;
  readonly emailHash: string;
  readonly channel: string;
  readonly device: DeviceProof | null;
  readonly story: Story;
};

async function openSession(
  tx: Tx,
  deps: Deps,
  { credentials, newHash, emailHash, channel, device, story }: Opening,
): Promise<Result<SignedIn, SignInRefusal>> {
  const { identity, passwordHash } = credentials;
  const createdAt = deps.clock.now();
  const session = { id: deps.newId(), identityId: identity.id, channel };
  // Changed since it was looked at: this session would outlive the change.
  if ((await lockPasswordHash(tx, identity.id)) !== passwordHash) {
    return refuse({ code: 'INVALID_CREDENTIALS' });
  }
  if (device && !(await useProof(tx, device, createdAt))) {
    return refuse({ code: 'DEVICE_PROOF_INVALID' });
  }
  await forgetAttempts(tx, emailHash);
  if (newHash) await replacePasswordHash(tx, identity.id, newHash);
  const deviceThumbprint = device?.thumbprint ?? null;
  await insertSession(tx, { ...session, deviceThumbprint, createdAt });
  const by = { ...story.by, actor: identity.id, role: identity.roles.join(' ') };
  await audit(tx, deps, [{ by, command: 'signIn', subject: session.id }]);
  const signedIn = { customerId: identity.id, sessionId: session.id, channel };
  await publish(tx, deps, [customerSignedIn(signedIn, story.cause)]);
  return ok({ tokens: await issueTokens(tx, deps, { identity, session }), identity });
}

/** Only now is the password known, so only now can an old hash be made anew. */
const strongerHash = (deps: Deps, { passwordHash }: Credentials, password: string) =>
  deps.passwords.isOutdated(passwordHash) ? deps.passwords.hash(password) : null;
