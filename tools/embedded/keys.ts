import { randomBytes } from 'node:crypto';
import { access, chmod, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { codeOf } from '../postgres/problem.ts';
import { StartRefused } from './settings.ts';

/** Secrets of this bank on this disk; made once, readable by its owner only. */
export type Keys = {
  readonly assertionPrivateKey: JWK;
  readonly assertionPublicKeys: { readonly keys: readonly JWK[] };
  readonly tokenPrivateKey: JWK;
  /** JWKS of symmetric keys for personal data; without them it cannot be read any more. */
  readonly dataKeys: { readonly keys: readonly JWK[] };
  readonly databasePasswords: Readonly<Record<string, string>>;
};

/** Beside `keys.json`, because it changes while the bank runs: `npm run keys -- rotate`. */
export const tokenKeysFile = 'token-keys.json';

const passwordBytes = 24;
const dataKeyBytes = 32;

async function signingKey(alg: 'EdDSA' | 'ES256'): Promise<{ privateKey: JWK; publicKey: JWK }> {
  const options = alg === 'EdDSA' ? { crv: 'Ed25519', extractable: true } : { extractable: true };
  const pair = await generateKeyPair(alg, options);
  const marks = { kid: randomBytes(8).toString('hex'), alg, use: 'sig' };
  return {
    privateKey: { ...(await exportJWK(pair.privateKey)), ...marks },
    publicKey: { ...(await exportJWK(pair.publicKey)), ...marks },
  };
}

function dataKey(): JWK {
  const k = randomBytes(dataKeyBytes).toString('base64url');
  return { kty: 'oct', kid: randomBytes(8).toString('hex'), k };
}

const passwordsFor = (databases: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    databases.map((name) => [name, randomBytes(passwordBytes).toString('base64url')]),
  );

/** Fresh secrets for the named databases. */
export async function makeKeys(databases: readonly string[]): Promise<Keys> {
  const assertion = await signingKey('EdDSA');
  const token = await signingKey('ES256');
  return {
    assertionPrivateKey: assertion.privateKey,
    assertionPublicKeys: { keys: [assertion.publicKey] },
    tokenPrivateKey: token.privateKey,
    dataKeys: { keys: [dataKey()] },
    databasePasswords: passwordsFor(databases),
  };
}

/** Data folders of the first release hold no key for personal data. */
type KnownKeys = Omit<Keys, 'dataKeys'> & Partial<Pick<Keys, 'dataKeys'>>;

async function readKeys(file: string): Promise<KnownKeys | null> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as KnownKeys;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    const reason = error instanceof SyntaxError ? 'it is damaged' : codeOf(error);
    throw new StartRefused(
      `The keys in ${file} cannot be read (${reason}): put the file right, or remove it for ` +
        'fresh keys, which end every session and cannot read identity numbers given before.',
    );
  }
}

/** A half-written file never counts. */
async function writeKeys<T>(file: string, keys: T): Promise<T> {
  const draft = `${file}.new`;
  await writeFile(draft, JSON.stringify(keys), { mode: 0o600 });
  await chmod(draft, 0o600);
  await rename(draft, file);
  return keys;
}

/**
 * The keys under the data folder, made at the first start; what is missing in them is added, such
 * as the password of a database that came with a later release.
 */
export async function openKeys(dataDir: string, databases: readonly string[]): Promise<Keys> {
  const file = join(dataDir, 'keys.json');
  const known = await readKeys(file);
  if (!known) return writeKeys(file, await makeKeys(databases));
  const isWhole = known.dataKeys && databases.every((name) => name in known.databasePasswords);
  const { dataKeys = { keys: [dataKey()] } } = known;
  const databasePasswords = { ...passwordsFor(databases), ...known.databasePasswords };
  const keys = { ...known, dataKeys, databasePasswords };
  return isWhole ? keys : writeKeys(file, keys);
}

/**
 * The file with the keys that sign access tokens. The first one comes from the keys of the bank, so
 * that no session ends with the release that brought the file.
 */
export async function openTokenKeys(dataDir: string, { tokenPrivateKey }: Keys): Promise<string> {
  const file = join(dataDir, tokenKeysFile);
  const exists = await access(file).then(
    () => true,
    () => false,
  );
  if (!exists) await writeKeys(file, { keys: [tokenPrivateKey] });
  return file;
}
