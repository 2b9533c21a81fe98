import { exportJWK, generateKeyPair, type JSONWebKeySet, type JWK } from 'jose';
import { z } from 'zod';
import { ConfigError } from '../process/config.ts';

/** The one algorithm of internal assertions. */
export const algorithm = 'EdDSA';

const text = z.string().min(1);
const publicPart = { kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: text };
const privateKeyShape = z.looseObject({ ...publicPart, d: text });
const publicKeysShape = z.object({ keys: z.array(z.looseObject({ kty: text })).min(1) });

/** Throws ConfigError, without the value, for anything but an Ed25519 private key. */
export function privateKeyOf(value: JWK | string): JWK {
  const read = privateKeyShape.safeParse(parsed(value));
  if (read.success) return read.data;
  throw new ConfigError(['ASSERTION_PRIVATE_KEY: expected an Ed25519 private key as a JWK']);
}

/** Throws ConfigError for anything but a set of at least one key. */
export function publicKeysOf(value: JSONWebKeySet | string): JSONWebKeySet {
  const read = publicKeysShape.safeParse(parsed(value));
  if (read.success) return read.data;
  throw new ConfigError(['ASSERTION_PUBLIC_KEYS: expected a JWKS with at least one public key']);
}

/** Null for a text that is no JSON, so that its shape is refused without repeating it. */
function parsed(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    return null;
  }
}

/** A fresh pair for an embedded bank or a test; both halves share one key id. */
export async function generateAssertionKeys(): Promise<{
  readonly privateKey: JWK;
  readonly publicKeys: JSONWebKeySet;
}> {
  const pair = await generateKeyPair(algorithm, { crv: 'Ed25519', extractable: true });
  const kid = crypto.randomUUID();
  const privateKey = { ...(await exportJWK(pair.privateKey)), kid, alg: algorithm };
  const publicKey = { ...(await exportJWK(pair.publicKey)), kid, alg: algorithm, use: 'sig' };
  return { privateKey, publicKeys: { keys: [publicKey] } };
}
