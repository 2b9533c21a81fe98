import { randomBytes } from 'node:crypto';
import { chmod, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { codeOf } from '../postgres/problem.ts';
import { StartRefused } from './settings.ts';

/** Secrets of this bank on this disk; made once, readable by its owner only. */
export type Keys = {
  readonly assertionPrivateKey: JWK;
  readonly assertionPublicKeys: { readonly keys: readonly JWK[] };
  readonly tokenPrivateKey: JWK;
  readonly databasePasswords: Readonly<Record<string, string>>;
};

const passwordBytes = 24;

async function signingKey(alg: 'EdDSA' | 'ES256'): Promise<{ privateKey: JWK; publicKey: JWK }> {
  const options = alg === 'EdDSA' ? { crv: 'Ed25519', extractable: true } : { extractable: true };
  const pair = await generateKeyPair(alg, options);
  const marks = { kid: randomBytes(8).toString('hex'), alg, use: 'sig' };
  return {
    privateKey: { ...(await exportJWK(pair.privateKey)), ...marks },
    publicKey: { ...(await exportJWK(pair.publicKey)), ...marks },
  };
}

/** Fresh secrets for the named databases. */
export async function makeKeys(databases: readonly string[]): Promise<Keys> {
  const assertion = await signingKey('EdDSA');
  const token = await signingKey('ES256');
  return {
    assertionPrivateKey: assertion.privateKey,
    assertionPublicKeys: { keys: [assertion.publicKey] },
    tokenPrivateKey: token.privateKey,
    databasePasswords: Object.fromEntries(
      databases.map((name) => [name, randomBytes(passwordBytes).toString('base64url')]),
    ),
  };
}

async function readKeys(file: string): Promise<Keys | null> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Keys;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    const reason = error instanceof SyntaxError ? 'it is damaged' : codeOf(error);
    throw new StartRefused(
      `The keys in ${file} cannot be read (${reason}): put the file right, or remove it for ` +
        'fresh keys, which end every session.',
    );
  }
}

/** The keys under the data folder, made at the first start. A half-written file never counts. */
export async function openKeys(dataDir: string, databases: readonly string[]): Promise<Keys> {
  const file = join(dataDir, 'keys.json');
  const known = await readKeys(file);
  if (known) return known;
  const keys = await makeKeys(databases);
  const draft = `${file}.new`;
  await writeFile(draft, JSON.stringify(keys), { mode: 0o600 });
  await chmod(draft, 0o600);
  await rename(draft, file);
  return keys;
}
