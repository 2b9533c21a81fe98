import { randomBytes } from 'node:crypto';
import { makeKeys } from '../../../tools/embedded/keys.ts';
import { databaseOwners, subgraphs } from '../../../tools/embedded/settings.ts';

export type Variables = Readonly<Record<string, string>>;

const nowhere = 'http://127.0.0.1:9';
const venueKey = randomBytes(24).toString('base64url');

/** Whatever any process needs; addresses that lead nowhere until a test puts others. */
export async function completeEnvironment(): Promise<Variables> {
  const keys = await makeKeys([]);
  const databases = databaseOwners.map((name) => [
    `${name.toUpperCase()}_DATABASE_URL`,
    `postgresql://${name}:${marked}@127.0.0.1:9/${name}`,
  ]);
  return {
    ...Object.fromEntries(subgraphs.map((name) => [`${name.toUpperCase()}_URL`, nowhere])),
    ...Object.fromEntries(databases),
    REDIS_URL: `redis://:${marked}@127.0.0.1:9`,
    MARKET_VENUE_URL: nowhere,
    MARKET_VENUE_KEY: venueKey,
    VENUE_KEY: venueKey,
    ASSERTION_PRIVATE_KEY: JSON.stringify(keys.assertionPrivateKey),
    ASSERTION_PUBLIC_KEYS: JSON.stringify(keys.assertionPublicKeys),
    ACCOUNTS_TOKEN_PRIVATE_KEY: JSON.stringify(keys.tokenPrivateKey),
    ACCOUNTS_DATA_KEYS: JSON.stringify(keys.dataKeys),
  };
}

/** Stands in every address that may hold a password: no output may show it. */
export const marked = 'p4ssw0rd-that-nobody-may-see';
