import { makeKeys } from './embedded/keys.ts';
import { contexts, gateways, subgraphs } from './embedded/settings.ts';
import { queueDatabase, urlAs } from './migrate/databases.ts';

const firstInnerPort = 4101;
const adminUrl =
  process.env['SIMPLEBANK_ADMIN_DATABASE_URL'] ?? 'postgresql://postgres@127.0.0.1:5432/postgres';
const redisUrl = process.env['REDIS_URL'] ?? 'redis://127.0.0.1:6379';

/**
 * `npm run -s environment > .env`: variables of a distributed bank on this machine, with keys and
 * passwords made now. SIMPLEBANK_ADMIN_DATABASE_URL and REDIS_URL say where the servers are.
 */
async function lines(): Promise<string[]> {
  const names = [...contexts, queueDatabase];
  const keys = await makeKeys(names);
  const passwordOf = (name: string) => keys.databasePasswords[name] ?? '';
  const databaseUrl = (name: string) =>
    urlAs(adminUrl, { user: name, password: passwordOf(name), database: name });
  const inner = subgraphs.map((name, index) => ({ name, port: firstInnerPort + index }));
  return [
    `SIMPLEBANK_ADMIN_DATABASE_URL=${adminUrl}`,
    `REDIS_URL=${redisUrl}`,
    'MARKET_CALENDAR=always',
    ...gateways.map(({ portVariable, port }) => `${portVariable}=${port}`),
    ...inner.map(({ name, port }) => `${name.toUpperCase()}_PORT=${port}`),
    ...inner.map(({ name, port }) => `${name.toUpperCase()}_URL=http://127.0.0.1:${port}`),
    ...names.map((name) => `${name.toUpperCase()}_DATABASE_PASSWORD=${passwordOf(name)}`),
    ...contexts.map((name) => `${name.toUpperCase()}_DATABASE_URL=${databaseUrl(name)}`),
    `ASSERTION_PRIVATE_KEY='${JSON.stringify(keys.assertionPrivateKey)}'`,
    `ASSERTION_PUBLIC_KEYS='${JSON.stringify(keys.assertionPublicKeys)}'`,
    `ACCOUNTS_TOKEN_PRIVATE_KEY='${JSON.stringify(keys.tokenPrivateKey)}'`,
  ];
}

console.log((await lines()).join('\n'));
