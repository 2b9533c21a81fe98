import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { z } from 'zod';

/** A text as it is kept: it can be read with the key of this id and for this subject only. */
type Sealed = {
  readonly keyId: string;
  readonly nonce: Buffer;
  /** Ciphertext followed by its tag of 16 bytes. */
  readonly bytes: Buffer;
};

export type DataKeys = {
  /** Encrypts with the first key; the subject is authenticated, so rows cannot be swapped. */
  readonly seal: (text: string, subject: string) => Sealed;
  /** Throws when the key is gone, or when anything was changed. */
  readonly open: (sealed: Sealed, subject: string) => string;
  /** The key that encrypts now; what was encrypted with others is to be encrypted anew. */
  readonly currentKeyId: string;
  /** Tells whether two secrets are the same to whoever has the key, and to nobody else. */
  readonly fingerprint: (text: string) => string;
};

const algorithm = 'aes-256-gcm';
const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;

const shape = z.object({
  keys: z
    .array(z.object({ kty: z.literal('oct'), kid: z.string().min(1).max(64), k: z.string() }))
    .min(1),
});

/**
 * `text` is a JWKS of symmetric keys. The first encrypts, all decrypt: a new key is put in front,
 * and an old one may go once no row names it. Throws when a key has not 256 bits.
 */
export function createDataKeys(text: string): DataKeys {
  const parsed = shape.parse(JSON.parse(text)).keys.map(({ kid, k }) => {
    const key = Buffer.from(k, 'base64url');
    if (key.length !== keyBytes) throw new Error(`data key ${kid} has not ${keyBytes} bytes`);
    return [kid, key] as const;
  });
  const keys = new Map(parsed);
  const [current] = parsed;
  if (!current || keys.size !== parsed.length)
    throw new Error('the data keys need ids of their own');
  const [currentKeyId, currentKey] = current;
  const fingerprintKey = Buffer.from(
    hkdfSync('sha256', currentKey, '', 'simplebank fingerprint', keyBytes),
  );
  return {
    currentKeyId,
    seal: (plain, subject) => ({ keyId: currentKeyId, ...encrypt(currentKey, plain, subject) }),
    open: (sealed, subject) => {
      const key = keys.get(sealed.keyId);
      if (!key) throw new Error(`there is no data key ${sealed.keyId}`);
      return decrypt(key, sealed, subject);
    },
    fingerprint: (plain) => createHmac('sha256', fingerprintKey).update(plain).digest('base64url'),
  };
}

function encrypt(key: Buffer, plain: string, subject: string) {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv(algorithm, key, nonce, { authTagLength: tagBytes });
  cipher.setAAD(Buffer.from(subject));
  const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
  return { nonce, bytes: Buffer.concat([body, cipher.getAuthTag()]) };
}

function decrypt(key: Buffer, { nonce, bytes }: Sealed, subject: string): string {
  const decipher = createDecipheriv(algorithm, key, nonce, { authTagLength: tagBytes });
  decipher.setAAD(Buffer.from(subject));
  decipher.setAuthTag(bytes.subarray(-tagBytes));
  const body = [decipher.update(bytes.subarray(0, -tagBytes)), decipher.final()];
  return Buffer.concat(body).toString('utf8');
}
