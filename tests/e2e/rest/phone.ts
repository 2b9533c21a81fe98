import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { UnexpectedAnswer } from '../../../tools/bank/client.ts';
import type { Credentials } from '../../../tools/bank/customer.ts';

const manifest = 'gateways/mobile/src/generated/persisted-operations.json';
const signInText = /^mutation SignIn\(/m;

async function signInId(): Promise<string> {
  const texts = JSON.parse(await readFile(manifest, 'utf8')) as Record<string, string>;
  const found = Object.entries(texts).find(([, text]) => signInText.test(text));
  if (!found) throw new Error('the phone application has no operation SignIn');
  return found[0];
}

/** RFC 9449, by a key that a phone keeps to itself. */
async function deviceProof(): Promise<string> {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  return new SignJWT({ htm: 'POST', htu: 'urn:simplebank:signIn', jti: randomUUID() })
    .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk: await exportJWK(publicKey) })
    .setIssuedAt()
    .sign(privateKey);
}

/** Signs in as the phone application does; answers the headers of its further requests. */
export async function signInOnPhone(url: string, credentials: Credentials) {
  const input = { ...credentials, deviceProof: await deviceProof() };
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ id: await signInId(), variables: { input } }),
  });
  const answer = await response.json();
  const token: unknown = answer.data?.signIn?.tokens?.accessToken;
  if (typeof token !== 'string') throw new UnexpectedAnswer(JSON.stringify(answer));
  return { authorization: `Bearer ${token}` };
}
