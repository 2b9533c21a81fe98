import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '@simplebank/kernel/clock';
import { importJWK, type JSONWebKeySet, type JWK, SignJWT } from 'jose';
import type { Identity } from './domain/identity.ts';
import { accessTokenLifeMs } from './domain/session.ts';

type AccessToken = { readonly token: string; readonly expiresAt: Date };
export type Tokens = {
  /** For one channel: a token of the web application opens no other door. */
  readonly issue: (identity: Identity, session: TokenSession) => Promise<AccessToken>;
  /** What anybody needs to verify them. */
  readonly publicKeys: JSONWebKeySet;
};
export type TokenSession = { readonly id: string; readonly channel: string };
export type TokenOptions = {
  /** JSON text of a private JWK, P-256 or Ed25519, with its `kid`. */
  readonly privateKey: string;
  readonly issuer: string;
  readonly clock: Clock;
};

const secretBytes = 32;

/** Throws when the key is neither P-256 nor Ed25519, is public, or has no `kid`. */
export async function createTokens(options: TokenOptions): Promise<Tokens> {
  const { issuer, clock } = options;
  const jwk: JWK = JSON.parse(options.privateKey);
  const alg = algorithmOf(jwk);
  const { kid } = jwk;
  if (!kid || !jwk.d) throw new Error('ACCOUNTS_TOKEN_PRIVATE_KEY is no private key with a kid');
  const key = await importJWK(jwk, alg);

  return {
    publicKeys: { keys: [publicPart(jwk, alg)] },
    async issue({ id, roles }, session) {
      const now = Math.floor(clock.now().getTime() / 1000);
      const expiry = now + accessTokenLifeMs / 1000;
      const token = await new SignJWT({ roles: [...roles], sid: session.id })
        .setProtectedHeader({ alg, kid, typ: 'at+jwt' })
        .setIssuer(issuer)
        .setAudience(`simplebank-${session.channel}`)
        .setSubject(id)
        .setIssuedAt(now)
        .setNotBefore(now)
        .setExpirationTime(expiry)
        .sign(key);
      return { token, expiresAt: new Date(expiry * 1000) };
    },
  };
}

function algorithmOf({ kty, crv }: JWK): 'ES256' | 'EdDSA' {
  if (kty === 'EC' && crv === 'P-256') return 'ES256';
  if (kty === 'OKP' && crv === 'Ed25519') return 'EdDSA';
  throw new Error('ACCOUNTS_TOKEN_PRIVATE_KEY is neither P-256 nor Ed25519');
}

/** Copies the public members by name, so that no private one can slip through. */
function publicPart({ kty, crv, x, y, kid }: JWK, alg: string): JWK {
  const members = { kty, crv, x, y, kid, alg, use: 'sig' };
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

/** 256 random bits as text. */
export const newSecret = (): string => randomBytes(secretBytes).toString('base64url');

/** How a secret is kept; being random, it needs no salt and no slow hash. */
export const hashSecret = (secret: string): string =>
  createHash('sha256').update(secret).digest('base64url');
