import { type Clock, systemClock } from '@simplebank/kernel/clock';
import {
  createLocalJWKSet,
  importJWK,
  type JSONWebKeySet,
  type JWK,
  jwtVerify,
  SignJWT,
} from 'jose';
import { z } from 'zod';
import { algorithm, privateKeyOf, publicKeysOf } from './auth-keys.ts';
import { boundedMap } from './bounded-map.ts';
import { PublicError } from './errors.ts';

export { generateAssertionKeys } from './auth-keys.ts';

export const roles = ['customer', 'support', 'operations', 'service'] as const;
export type Role = (typeof roles)[number];

export const channels = ['web', 'mobile', 'federation', 'service'] as const;
export type Channel = (typeof channels)[number];

/** Who asks, as a gateway vouches for it. */
export type Viewer = Anonymous | Principal;
export type Anonymous = { readonly kind: 'anonymous'; readonly channel: Channel };
export type Principal = {
  readonly kind: 'principal';
  readonly customerId: string;
  readonly roles: readonly Role[];
  readonly channel: Channel;
  readonly sessionId: string | null;
};

/** The header that carries the assertion from a gateway to a subgraph. */
export const assertionHeader = 'x-simplebank-assertion';

const tokenType = 'assertion+jwt';
const lifetimeSeconds = 60;
/**
 * Clocks of the bank's machines may be two minutes off, two of them four minutes apart (ADR 0027):
 * an assertion of a gateway that is behind must not be dead on arrival.
 */
export const clockSkewSecondsMax = 240;
/** A cached assertion is handed out while at least 15 s of its life remain. */
const renewAfterMs = 45_000;
const cachedMax = 10_000;

export type AssertionSigner = { sign(viewer: Viewer, audience: string): Promise<string> };
export type AssertionVerifier = { verify(header: string | undefined): Promise<Viewer> };

export type SignerOptions = {
  /** Ed25519 private key as a JWK, parsed or as its JSON text. */
  readonly privateKey: JWK | string;
  /** Who vouches: the channel of the gateway that signs. */
  readonly issuer: Channel;
  readonly clock?: Clock;
};

/**
 * Signs who the viewer is for one audience, once per principal and audience, not per call.
 * Throws ConfigError when the key cannot be used.
 */
export function createAssertionSigner(options: SignerOptions): AssertionSigner {
  const { issuer, clock = systemClock } = options;
  const jwk = privateKeyOf(options.privateKey);
  const key = importJWK(jwk, algorithm);
  // A broken key is reported by the first `sign`, not as an unhandled rejection.
  key.catch(() => undefined);
  const made = boundedMap<string, { readonly at: number; readonly token: Promise<string> }>(
    cachedMax,
  );

  async function make(viewer: Viewer, audience: string, at: number): Promise<string> {
    const seconds = Math.floor(at / 1000);
    return new SignJWT(claimsOf(viewer))
      .setProtectedHeader({ alg: algorithm, typ: tokenType, ...(jwk.kid ? { kid: jwk.kid } : {}) })
      .setIssuer(issuer)
      .setAudience(audience)
      .setIssuedAt(seconds)
      .setNotBefore(seconds)
      .setExpirationTime(seconds + lifetimeSeconds)
      .sign(await key);
  }

  return {
    sign(viewer, audience) {
      const now = clock.now().getTime();
      const name = JSON.stringify([audience, claimsOf(viewer)]);
      const known = made.get(name);
      if (known && now >= known.at && now - known.at < renewAfterMs) return known.token;
      const token = make(viewer, audience, now);
      made.set(name, { at: now, token });
      return token;
    },
  };
}

const claimsShape = z.object({
  sub: z.string().min(1).max(128).optional(),
  roles: z.array(z.enum(roles)),
  channel: z.enum(channels),
  sid: z.string().min(1).max(128).nullable(),
  exp: z.number(),
});

function claimsOf(viewer: Viewer) {
  const { channel } = viewer;
  if (viewer.kind === 'anonymous') return { channel, roles: [], sid: null };
  return { sub: viewer.customerId, channel, roles: [...viewer.roles], sid: viewer.sessionId };
}

function viewerOf({ sub, roles, channel, sid }: z.infer<typeof claimsShape>): Viewer {
  if (sub === undefined) return { kind: 'anonymous', channel };
  return { kind: 'principal', customerId: sub, roles, channel, sessionId: sid };
}

export type VerifierOptions = {
  /** The gateways' public keys as a JWKS, parsed or as its JSON text. */
  readonly publicKeys: JSONWebKeySet | string;
  /** The process that verifies; an assertion for another one is refused. */
  readonly audience: string;
  readonly issuers?: readonly Channel[];
  readonly clock?: Clock;
};

/**
 * Accepts an assertion of a known gateway for this audience within its 60 s, by clocks that
 * may be four minutes apart.
 * Anything else throws PublicError UNAUTHENTICATED without saying which check failed.
 */
export function createAssertionVerifier(options: VerifierOptions): AssertionVerifier {
  const { audience, issuers = channels, clock = systemClock } = options;
  const keys = createLocalJWKSet(publicKeysOf(options.publicKeys));
  const verified = boundedMap<string, { readonly viewer: Viewer; readonly endsAt: number }>(
    cachedMax,
  );

  async function check(token: string): Promise<Viewer> {
    const { payload } = await jwtVerify(token, keys, {
      algorithms: [algorithm],
      typ: tokenType,
      issuer: [...issuers],
      audience,
      clockTolerance: clockSkewSecondsMax,
      currentDate: clock.now(),
      requiredClaims: ['iss', 'aud', 'iat', 'nbf', 'exp'],
      maxTokenAge: lifetimeSeconds,
    });
    const claims = claimsShape.parse(payload);
    const viewer = viewerOf(claims);
    verified.set(token, { viewer, endsAt: (claims.exp + clockSkewSecondsMax) * 1000 });
    return viewer;
  }

  return {
    async verify(header) {
      if (!header) throw unauthenticated();
      const known = verified.get(header);
      if (known && clock.now().getTime() < known.endsAt) return known.viewer;
      return check(header).catch((cause: unknown) => {
        throw unauthenticated(cause);
      });
    },
  };
}

const unauthenticated = (cause?: unknown) =>
  new PublicError('UNAUTHENTICATED', 'This call needs a valid internal assertion.', { cause });

/** The signed-in caller. Throws PublicError UNAUTHENTICATED for an anonymous one. */
export function requirePrincipal(viewer: Viewer): Principal {
  if (viewer.kind === 'principal') return viewer;
  throw new PublicError('UNAUTHENTICATED', 'Please sign in.');
}

/** The caller, who must hold one of the roles. Throws UNAUTHENTICATED or FORBIDDEN. */
export function requireRole(viewer: Viewer, ...allowed: readonly Role[]): Principal {
  const principal = requirePrincipal(viewer);
  if (principal.roles.some((role) => allowed.includes(role))) return principal;
  throw new PublicError('FORBIDDEN', 'You may not do this.');
}

/** Support and operations, who see what every customer has. */
export const isStaff = (viewer: Viewer): boolean =>
  viewer.kind === 'principal' &&
  viewer.roles.some((role) => role === 'support' || role === 'operations');
