import { calculateJwkThumbprint, compactVerify, EmbeddedJWK } from 'jose';
import { z } from 'zod';
import type { DeviceProof, ShownProof } from './domain/device.ts';

const algorithm = 'ES256';
const coordinate = z.string().max(64);

const headerShape = z.object({
  typ: z.literal('dpop+jwt'),
  jwk: z.object({ kty: z.literal('EC'), crv: z.literal('P-256'), x: coordinate, y: coordinate }),
});
const claimsShape = z.object({
  jti: z.string().min(8).max(128),
  htm: z.literal('POST'),
  htu: z.string().max(128),
  iat: z.number().int().positive().max(1e11),
  ath: z.string().max(64).optional(),
});

/**
 * Reads a DPoP proof (RFC 9449): a JWT that brings the public key it is signed with. Neither age
 * nor use is looked at here: what a proof means that is late is the domain's to say.
 */
export async function readProof(text: string | null): Promise<ShownProof> {
  if (text === null) return 'ABSENT';
  const signed = await signedIn(text).catch(() => null);
  if (!signed) return 'UNREADABLE';
  const thumbprint = await calculateJwkThumbprint(signed.jwk);
  return { thumbprint, ...saidIn(signed.payload) };
}

/** Throws for everything but a good signature by a public P-256 key that the text brings. */
async function signedIn(text: string) {
  const { payload, protectedHeader } = await compactVerify(text, EmbeddedJWK, {
    algorithms: [algorithm],
  });
  return { payload, jwk: headerShape.parse(protectedHeader).jwk };
}

type Said = Omit<DeviceProof, 'thumbprint'>;
/** Signed by the key, and good for nothing: a fault of the application, no theft. */
const nothing: Said = { jti: '', purpose: '', issuedAt: new Date(0), tokenHash: null };

function saidIn(payload: Uint8Array): Said {
  const read = claimsShape.safeParse(jsonIn(payload));
  if (!read.success) return nothing;
  const { jti, htu, iat, ath } = read.data;
  return { jti, purpose: htu, issuedAt: new Date(iat * 1_000), tokenHash: ath ?? null };
}

function jsonIn(payload: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(payload));
  } catch {
    return null;
  }
}
