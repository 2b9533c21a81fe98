import { createHash, randomBytes } from 'node:crypto';
import { boundedMap } from '@simplebank/chassis/bounded-map';
import { type SigningKey, statesOf } from '@simplebank/chassis/signing-keys';
import type { Clock } from '@simplebank/kernel/clock';
import { type CryptoKey, importJWK, type JSONWebKeySet, type JWK, SignJWT } from 'jose';
import type { Identity } from './domain/identity.ts';
import { accessTokenLifeMs } from './domain/session.ts';
import type { KeySource } from './key-source.ts';

type AccessToken = { readonly token: string; readonly expiresAt: Date };
export type Tokens = {
  /** For one channel: a token of the web application opens no other door. */
  readonly issue: (identity: Identity, session: TokenSession) => Promise<AccessToken>;
  /** What anybody needs to verify them: those that signed lately, signs now, and will sign next. */
  readonly publicKeys: () => Promise<JSONWebKeySet>;
};
export type TokenSession = { readonly id: string; readonly channel: string };
export type TokenOptions = {
  readonly keys: KeySource;
  readonly issuer: string;
  readonly clock: Clock;
};

const secretBytes = 32;
/** After the last token of a key has expired: clocks differ, and gateways tolerate seconds. */
const marginMs = 60_000;
const importedMax = 20;

/** Throws when a key is neither P-256 nor Ed25519. */
export async function createTokens({ keys, issuer, clock }: TokenOptions): Promise<Tokens> {
  const imported = boundedMap<string, Promise<CryptoKey | Uint8Array>>(importedMax);
  const keyOf = ({ jwk }: SigningKey) => {
    const known = imported.get(jwk.kid) ?? importJWK(jwk, algorithmOf(jwk));
    imported.set(jwk.kid, known);
    return known;
  };
  async function states() {
    return statesOf(await keys(), { now: clock.now(), lingerMs: accessTokenLifeMs + marginMs });
  }
  async function signing(): Promise<SigningKey> {
    const found = (await states()).find(({ state }) => state === 'SIGNING');
    if (!found) throw new Error('no token key signs at this time');
    return found.key;
  }
  await Promise.all((await keys()).map(keyOf));

  return {
    async publicKeys() {
      const shown = (await states()).filter(({ state }) => state !== 'RETIRED');
      return { keys: shown.map(({ key }) => publicPart(key.jwk)) };
    },
    async issue({ id, roles }, session) {
      const signer = await signing();
      const { kid } = signer.jwk;
      const now = Math.floor(clock.now().getTime() / 1000);
      const expiry = now + accessTokenLifeMs / 1000;
      const token = await new SignJWT({ roles: [...roles], sid: session.id })
        .setProtectedHeader({ alg: algorithmOf(signer.jwk), kid, typ: 'at+jwt' })
        .setIssuer(issuer)
        .setAudience(`simplebank-${session.channel}`)
        .setSubject(id)
        .setIssuedAt(now)
        .setNotBefore(now)
        .setExpirationTime(expiry)
        .sign(await keyOf(signer));
      return { token, expiresAt: new Date(expiry * 1000) };
    },
  };
}

function algorithmOf({ kty, crv }: JWK): 'ES256' | 'EdDSA' {
  if (kty === 'EC' && crv === 'P-256') return 'ES256';
  if (kty === 'OKP' && crv === 'Ed25519') return 'EdDSA';
  throw new Error('a token key is neither P-256 nor Ed25519');
}

/** Copies the public members by name, so that no private one can slip through. */
function publicPart(jwk: JWK): JWK {
  const { kty, crv, x, y, kid } = jwk;
  const members = { kty, crv, x, y, kid, alg: algorithmOf(jwk), use: 'sig' };
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

/** 256 random bits as text. */
export const newSecret = (): string => randomBytes(secretBytes).toString('base64url');

/** How a secret is kept; being random, it needs no salt and no slow hash. */
export const hashSecret = (secret: string): string =>
  createHash('sha256').update(secret).digest('base64url');
