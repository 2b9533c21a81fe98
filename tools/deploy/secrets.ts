import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JWK } from 'jose';
import { makeKeys } from '../embedded/keys.ts';
import { databaseOwners } from '../embedded/settings.ts';
import { root } from '../generate/units.ts';
import { queueDatabase, urlAs } from '../migrate/databases.ts';
import { migrate, seed, shipped } from './shipped.ts';

const keyBytes = 24;
const folderDefault = 'deploy/secrets';

/** Readable by its owner alone. */
const ownersOnly = 0o600;
/** Is mounted into a container whose user is another one; the folder lets nobody else through. */
const mounted = 0o644;

const secret = () => randomBytes(keyBytes).toString('base64url');

/** Who signs assertions: each with a key of its own, so that one can be revoked alone. */
const signers = ['web', 'mobile', 'federation', seed.name] as const;

type Values = Readonly<Record<string, string>>;
type Given = { readonly admin: string; readonly redis: string; readonly signing: JWK[] };

/** Every secret of one bank by the name of its variable, made now; not who signs with what. */
async function bankSecrets({ admin, redis, signing }: Given): Promise<Values> {
  const names = [...databaseOwners, queueDatabase];
  const keys = await makeKeys(names);
  const venueKey = secret();
  const adminUrl = `postgresql://postgres:${admin}@postgres:5432/postgres`;
  const passwords = Object.entries(keys.databasePasswords);
  const urlOf = (name: string, password: string) =>
    urlAs(adminUrl, { user: name, password, database: name });
  const variable = (name: string, what: string) => `${name.toUpperCase()}_DATABASE_${what}`;
  return {
    SIMPLEBANK_ADMIN_DATABASE_URL: adminUrl,
    REDIS_URL: `redis://:${redis}@redis:6379`,
    ...Object.fromEntries(passwords.map(([name, word]) => [variable(name, 'PASSWORD'), word])),
    ...Object.fromEntries(
      passwords.map(([name, word]) => [variable(name, 'URL'), urlOf(name, word)]),
    ),
    ASSERTION_PUBLIC_KEYS: JSON.stringify({ keys: signing }),
    ACCOUNTS_TOKEN_PRIVATE_KEY: JSON.stringify(keys.tokenPrivateKey),
    ACCOUNTS_DATA_KEYS: JSON.stringify(keys.dataKeys),
    NOTIFICATIONS_SMTP_URL: 'smtp://mail-catcher:4125',
    MARKET_VENUE_KEY: venueKey,
    VENUE_KEY: venueKey,
  };
}

/** The files by name: one per process, which holds what that process needs and nothing else. */
export async function secretFiles(): Promise<ReadonlyMap<string, string>> {
  const [admin, redis, grafana] = [secret(), secret(), secret()];
  const made = await Promise.all(signers.map(async (name) => [name, await makeKeys([])] as const));
  const signing = made.flatMap(([, { assertionPublicKeys }]) => assertionPublicKeys.keys);
  const values = await bankSecrets({ admin, redis, signing });
  const signerOf = Object.fromEntries(
    made.map(([name, keys]) => [name, JSON.stringify(keys.assertionPrivateKey)]),
  );
  const perProcess = [...shipped, migrate, seed].map(({ name, secrets }) => {
    const own: Values = { ...values, ASSERTION_PRIVATE_KEY: signerOf[name] ?? '' };
    return [`${name}.env`, secrets.map((one) => `${one}='${own[one] ?? ''}'\n`).join('')] as const;
  });
  return new Map([
    ...perProcess,
    ['postgres-password', admin],
    ['redis.conf', `requirepass ${redis}\n`],
    ['redis-password', redis],
    ['grafana-password', grafana],
  ]);
}

/**
 * Writes the secrets of a bank that `docker compose up` starts.
 * @throws Error when the folder exists: fresh keys would lock the bank out of its own data
 */
export async function writeSecrets(folder = join(root, folderDefault)): Promise<readonly string[]> {
  if (existsSync(folder)) {
    throw new Error(`${folderDefault} exists: remove it, and the bank's volumes, for fresh keys.`);
  }
  const files = await secretFiles();
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const [name, text] of files) {
    const mode = name.endsWith('.env') ? ownersOnly : mounted;
    const path = join(folder, name);
    writeFileSync(path, text, { mode });
    chmodSync(path, mode);
  }
  return [...files.keys()];
}
