import { randomBytes } from 'node:crypto';
import { makeKeys } from './embedded/keys.ts';
import { databaseOwners, gateways, subgraphs } from './embedded/settings.ts';
import { queueDatabase, urlAs } from './migrate/databases.ts';

const firstInnerPort = 4101;
const venuePort = 4151;
const mailPort = 4125;
const mailPagePort = 4126;
const keyBytes = 24;
const adminUrl =
  process.env['SIMPLEBANK_ADMIN_DATABASE_URL'] ?? 'postgresql://postgres@127.0.0.1:5432/postgres';
const redisUrl = process.env['REDIS_URL'] ?? 'redis://127.0.0.1:6379';

/**
 * `npm run -s environment > .env`: variables of a distributed bank on this machine, with keys and
 * passwords made now. SIMPLEBANK_ADMIN_DATABASE_URL and REDIS_URL say where the servers are.
 */
async function lines(): Promise<string[]> {
  const names = [...databaseOwners, queueDatabase];
  const keys = await makeKeys(names);
  const venueKey = randomBytes(keyBytes).toString('base64url');
  const passwordOf = (name: string) => keys.databasePasswords[name] ?? '';
  const databaseUrl = (name: string) =>
    urlAs(adminUrl, { user: name, password: passwordOf(name), database: name });
  const inner = subgraphs.map((name, index) => ({ name, port: firstInnerPort + index }));
  return [
    `SIMPLEBANK_ADMIN_DATABASE_URL=${adminUrl}`,
    `REDIS_URL=${redisUrl}`,
    'MARKET_CALENDAR=always',
    'VENUE_CALENDAR=always',
    `VENUE_PORT=${venuePort}`,
    `VENUE_KEY=${venueKey}`,
    `MAIL_CATCHER_SMTP_PORT=${mailPort}`,
    `MAIL_CATCHER_PORT=${mailPagePort}`,
    `NOTIFICATIONS_SMTP_URL=smtp://127.0.0.1:${mailPort}`,
    `MARKET_VENUE_URL=http://127.0.0.1:${venuePort}`,
    `MARKET_VENUE_KEY=${venueKey}`,
    ...gateways.map(({ portVariable, port }) => `${portVariable}=${port}`),
    ...inner.map(({ name, port }) => `${name.toUpperCase()}_PORT=${port}`),
    ...inner.map(({ name, port }) => `${name.toUpperCase()}_URL=http://127.0.0.1:${port}`),
    ...names.map((name) => `${name.toUpperCase()}_DATABASE_PASSWORD=${passwordOf(name)}`),
    ...databaseOwners.map((name) => `${name.toUpperCase()}_DATABASE_URL=${databaseUrl(name)}`),
    `ASSERTION_PRIVATE_KEY='${JSON.stringify(keys.assertionPrivateKey)}'`,
    `ASSERTION_PUBLIC_KEYS='${JSON.stringify(keys.assertionPublicKeys)}'`,
    `ACCOUNTS_TOKEN_PRIVATE_KEY='${JSON.stringify(keys.tokenPrivateKey)}'`,
    `ACCOUNTS_DATA_KEYS='${JSON.stringify(keys.dataKeys)}'`,
  ];
}

console.log((await lines()).join('\n'));
