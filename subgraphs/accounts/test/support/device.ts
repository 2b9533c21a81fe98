import { createHash, randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { goodPassword, resultOf } from '../builders.ts';
import { anonymous, type Bank } from './bank.ts';

export type Changes = {
  /** Made for this token instead of for signing in. */
  readonly refreshToken?: string;
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly header?: Readonly<Record<string, unknown>>;
  /** Brings this key instead of its own. */
  readonly jwk?: JWK;
};
export type Device = ReturnType<typeof createDevice>;

/** A phone with a key of its own, whose proofs are right but for what a test changes. */
export function createDevice(now: () => Date) {
  const pair = generateKeyPair('ES256', { extractable: true });

  async function proof({ refreshToken, claims, header, jwk }: Changes = {}): Promise<string> {
    const { privateKey, publicKey } = await pair;
    const purpose = refreshToken === undefined ? 'signIn' : 'refresh';
    const ath = createHash('sha256')
      .update(refreshToken ?? '')
      .digest('base64url');
    return new SignJWT({
      ...{ jti: randomUUID(), htm: 'POST', htu: `urn:simplebank:${purpose}` },
      iat: Math.floor(now().getTime() / 1000),
      ...(refreshToken === undefined ? {} : { ath }),
      ...claims,
    })
      .setProtectedHeader({
        ...{ alg: 'ES256', typ: 'dpop+jwt', jwk: jwk ?? (await exportJWK(publicKey)) },
        ...header,
      })
      .sign(privateKey);
  }

  return {
    proof,
    publicKey: async () => exportJWK((await pair).publicKey),
    privateKey: async () => exportJWK((await pair).privateKey),
  };
}

type SignedIn = {
  readonly code?: string;
  readonly tokens?: { readonly accessToken: string; readonly refreshToken: string };
};

export async function signInAnswer(
  bank: Bank,
  input: { readonly email: string; readonly deviceProof?: string },
  viewer = anonymous('mobile'),
): Promise<SignedIn> {
  const text = `mutation ($input: SignInInput!) { signIn(input: $input) {
    ... on SignInSuccess { tokens { accessToken refreshToken } }
    ... on SignInRefusal { code } } }`;
  const answer = await bank.as(viewer)(text, { input: { password: goodPassword, ...input } });
  return resultOf<SignedIn>(answer, 'signIn');
}

/** The tokens of a sign-in on the phone, which must succeed. */
export async function signInWith(...asked: Parameters<typeof signInAnswer>) {
  const { tokens, code } = await signInAnswer(...asked);
  if (!tokens) throw new Error(`signing in was refused: ${code}`);
  return tokens;
}

type Refreshed = { readonly code?: string; readonly tokens?: { readonly refreshToken: string } };

export async function refreshWith(
  bank: Bank,
  input: { readonly refreshToken: string; readonly deviceProof?: string },
): Promise<Refreshed> {
  const text = `mutation ($input: RefreshInput!) { refresh(input: $input) {
    ... on RefreshSuccess { tokens { refreshToken } } ... on RefreshRefusal { code } } }`;
  const answer = await bank.as(anonymous('mobile'))(text, { input });
  return resultOf<Refreshed>(answer, 'refresh');
}
