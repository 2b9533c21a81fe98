import { createHash, randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

export type Device = {
  /** For the field `deviceProof` of `signIn`. */
  readonly proveSignIn: () => Promise<string>;
  /** For the field `deviceProof` of `refresh`; it is good for this token alone. */
  readonly proveRefresh: (refreshToken: string) => Promise<string>;
};

/** A phone with a key that never leaves it, as the mobile gateway wants one (DPoP, RFC 9449). */
export async function newDevice(): Promise<Device> {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const jwk = await exportJWK(publicKey);
  const prove = (htu: string, claims: Readonly<Record<string, string>>) =>
    new SignJWT({ htm: 'POST', htu, jti: randomUUID(), ...claims })
      .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk })
      .setIssuedAt()
      .sign(privateKey);
  return {
    proveSignIn: () => prove('urn:simplebank:signIn', {}),
    proveRefresh: (refreshToken) => {
      const ath = createHash('sha256').update(refreshToken).digest('base64url');
      return prove('urn:simplebank:refresh', { ath });
    },
  };
}
