import type { Channel, Principal, Role } from '@simplebank/chassis/auth';
import { clockSkewSecondsMax, roles } from '@simplebank/chassis/auth';
import { boundedMap } from '@simplebank/chassis/bounded-map';
import { PublicError } from '@simplebank/chassis/errors';
import type { Logger } from '@simplebank/chassis/logging';
import type { Clock } from '@simplebank/kernel/clock';
import { createRemoteJWKSet, errors, jwtVerify } from 'jose';
import { z } from 'zod';
import { SubgraphUnavailable } from '../engine/unavailable.ts';
import { createRevocations } from './revocations.ts';

/** HMAC and `none` are absent: a public key must never serve as a shared secret. */
const algorithms = ['ES256', 'EdDSA'];
/** RFC 9068: nothing else that accounts may sign passes for an access token. */
const tokenType = 'at+jwt';
/** After the end. Before the beginning clocks may be minutes apart, which lets nobody in longer. */
const toleranceSeconds = 5;
const keysTimeoutMs = 2_000;
/** Between two fetches that unknown key ids may cause. */
const cooldownMs = 30_000;
/** Older keys still verify while a fresh set is fetched beside the request. */
const keysFreshMs = 600_000;
/** A token that was found good is not checked again for a while: far less than keys stay known. */
const trustedMs = 30_000;
const trustedMax = 10_000;

const claimsShape = z.object({
  sub: z.string().min(1).max(128),
  roles: z.array(z.string()).max(20),
  sid: z.string().min(1).max(128).nullish(),
  exp: z.number(),
});

type TokenOptions = {
  readonly jwksUrl: string;
  /** Where accounts lists the sessions that were ended while their tokens are still good. */
  readonly revokedUrl: string;
  readonly issuer: string;
  readonly audience: string;
  readonly channel: Channel;
  readonly clock: Clock;
  readonly log: Logger;
};

/**
 * Checks access tokens against the public keys of accounts, and against what it took back since.
 * `verify` throws PublicError UNAUTHENTICATED, or SubgraphUnavailable when no keys can be had.
 */
export function createTokenVerifier(options: TokenOptions) {
  const { issuer, audience, channel } = options;
  const keys = createKeys(options);
  const revocations = createRevocations(options);

  async function check(token: string, now: Date): Promise<Trusted> {
    const { payload, protectedHeader } = await jwtVerify(token, keys, {
      algorithms,
      typ: tokenType,
      issuer,
      audience,
      clockTolerance: clockSkewSecondsMax,
      currentDate: now,
      requiredClaims: ['exp', 'sub'],
    }).catch(refuse);
    const claims = claimsShape.safeParse(payload);
    if (!claims.success) throw unauthenticated(claims.error);
    // A token that does not name its key would outlive the withdrawal of that key.
    const { kid: keyId } = protectedHeader;
    if (!keyId) throw unauthenticated('the token names no key');
    const from = now.getTime();
    const endsAt = (claims.data.exp + toleranceSeconds) * 1_000;
    if (from >= endsAt) throw unauthenticated('the token has expired');
    const until = Math.min(from + trustedMs, endsAt);
    return { principal: named(claims.data, channel), keyId, from, until };
  }

  const trustedIn = remembering(check, options);
  return {
    async verify(token: string): Promise<Principal> {
      const { principal, keyId } = await trustedIn(token);
      const { sessionId } = principal;
      if (!(await revocations.cover({ keyId, sessionId }))) return principal;
      throw unauthenticated(`session ${sessionId} was ended, or key ${keyId} withdrawn`);
    },
  };
}

const named = (
  { sub, roles: given, sid }: z.infer<typeof claimsShape>,
  channel: Channel,
): Principal => ({
  kind: 'principal',
  customerId: sub,
  roles: given.filter(isRole),
  channel,
  sessionId: sid ?? null,
});

/** A check that is not made again for a token that passed it a moment ago. */
function remembering(
  check: (token: string, now: Date) => Promise<Trusted>,
  { clock }: Pick<TokenOptions, 'clock'>,
) {
  const trusted = boundedMap<string, Trusted>(trustedMax);
  return async function trustedIn(token: string): Promise<Trusted> {
    const now = clock.now();
    const known = trusted.get(token);
    if (known && now.getTime() >= known.from && now.getTime() < known.until) return known;
    const checked = await check(token, now);
    trusted.set(token, checked);
    return checked;
  };
}

/** Milliseconds since the epoch; a signature costs 0.7 ms of processor time to check. */
type Trusted = {
  readonly principal: Principal;
  readonly keyId: string;
  readonly from: number;
  readonly until: number;
};

/** Keys never expire by age, so that signed-in callers outlive an outage of accounts. */
function createKeys({ jwksUrl, clock, log }: TokenOptions) {
  const keys = createRemoteJWKSet(new URL(jwksUrl), {
    timeoutDuration: keysTimeoutMs,
    cooldownDuration: cooldownMs,
    cacheMaxAge: Number.POSITIVE_INFINITY,
  });
  let askedAt: number | null = null;

  const refresh = (now: number) => {
    askedAt = now;
    keys.reload().catch((error: unknown) => {
      log.warn({ error }, 'the token keys could not be refreshed, the known ones stay in use');
    });
  };

  const resolve: typeof keys = Object.assign(
    async (...[header, token]: Parameters<typeof keys>) => {
      const now = clock.now().getTime();
      if (askedAt === null) askedAt = now;
      else if (now - askedAt > keysFreshMs) refresh(now);
      return keys(header, token);
    },
    keys,
  );
  return resolve;
}

const isRole = (text: string): text is Role => roles.some((role) => role === text);

const unauthenticated = (cause: unknown) =>
  new PublicError('UNAUTHENTICATED', 'The access token is not valid or has expired.', { cause });

/** A fault of the token is the caller's; a key set that cannot be read is ours. */
function refuse(cause: unknown): never {
  const keysMissing =
    !(cause instanceof errors.JOSEError) ||
    cause instanceof errors.JWKSTimeout ||
    cause instanceof errors.JWKSInvalid ||
    cause.code === 'ERR_JOSE_GENERIC';
  throw keysMissing ? new SubgraphUnavailable('accounts', cause) : unauthenticated(cause);
}
