import type { CryptoKey, JWTPayload } from 'jose';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

export const issuer = 'https://accounts.test';
export const audience = 'simplebank-federation';

export type TokenMint = Awaited<ReturnType<typeof createTokenMint>>;

type Changes = {
  readonly claims?: JWTPayload;
  readonly issuer?: string;
  readonly audience?: string;
  readonly expiresIn?: number | null;
  readonly notBefore?: number;
  readonly kid?: string;
  readonly typ?: string;
  /** False leaves the name of the key out. */
  readonly namesKey?: boolean;
};

/** Mints access tokens as accounts does, and faulty ones on request; times in seconds from now. */
export async function createTokenMint() {
  const keys = new Map<string, { readonly alg: string; readonly pair: Pair }>();
  const withdrawn = new Set<string>();
  const add = async (kid: string, alg: string) => {
    keys.set(kid, { alg, pair: await generateKeyPair(alg, { extractable: true }) });
  };
  await add('es', 'ES256');
  await add('ed', 'EdDSA');

  const publicKeys = async () => ({
    keys: await Promise.all(
      [...keys]
        .filter(([kid]) => !withdrawn.has(kid))
        .map(async ([kid, { alg, pair }]) => ({
          ...(await exportJWK(pair.publicKey)),
          kid,
          alg,
        })),
    ),
  });

  const token = async (customerId: string, changes: Changes = {}) => {
    const { kid = 'es', typ = 'at+jwt', expiresIn = 300, notBefore, namesKey = true } = changes;
    const key = keys.get(kid);
    if (!key) throw new Error(`no key ${kid}`);
    const name = namesKey ? { kid } : {};
    return sign(claimsOf(customerId, changes), { ...key, name, typ, expiresIn, notBefore });
  };

  /** As when a key has leaked: shown no more, though whoever has it can still sign. */
  const withdraw = (kid: string) => void withdrawn.add(kid);

  return { add, withdraw, publicKeys, token };
}

type Pair = { readonly publicKey: CryptoKey; readonly privateKey: CryptoKey };
type Signing = {
  readonly alg: string;
  readonly name: { readonly kid?: string };
  readonly typ: string;
  readonly pair: Pair;
  readonly expiresIn: number | null;
  readonly notBefore: number | undefined;
};

const claimsOf = (sub: string, changes: Changes): JWTPayload => ({
  sub,
  roles: ['support'],
  sid: 's1',
  iss: changes.issuer ?? issuer,
  aud: changes.audience ?? audience,
  ...changes.claims,
});

function sign(claims: JWTPayload, { alg, name, typ, pair, expiresIn, notBefore }: Signing) {
  const now = Math.floor(Date.now() / 1000);
  const unsigned = new SignJWT(claims).setProtectedHeader({ alg, typ, ...name }).setIssuedAt(now);
  if (expiresIn !== null) unsigned.setExpirationTime(now + expiresIn);
  if (notBefore !== undefined) unsigned.setNotBefore(now + notBefore);
  return unsigned.sign(pair.privateKey);
}
