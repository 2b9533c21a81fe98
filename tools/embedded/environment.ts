import type { Keys } from './keys.ts';
import { databaseOwners, type Environment, type Settings, subgraphs } from './settings.ts';

const variable = (name: string, what: string) => `${name.toUpperCase()}_${what}`;

type Given = {
  readonly env: Environment;
  readonly settings: Settings;
  readonly keys: Keys;
  /** Where the token keys may change; without it they are those of `keys`. */
  readonly tokenKeysFile?: string;
  readonly databaseUrls: Readonly<Record<string, string>>;
};

/** The variables that each process reads, as an operator sets them for the distributed bank. */
export function processEnvironment(given: Given): Environment {
  const { env, settings, keys, tokenKeysFile, databaseUrls } = given;
  const databases = databaseOwners.map(
    (name) => [variable(name, 'DATABASE_URL'), databaseUrls[name]] as const,
  );
  /** Inner doors take any free port; a person needs only the gateways'. */
  const innerPorts = subgraphs.map((name) => [variable(name, 'PORT'), '0'] as const);
  const outerPorts = Object.entries(settings.ports).map(
    ([name, port]) => [variable(name, 'PORT'), String(port)] as const,
  );
  return {
    ...Object.fromEntries([...innerPorts, ...outerPorts, ...databases]),
    MARKET_CALENDAR: settings.calendar,
    ASSERTION_PRIVATE_KEY: JSON.stringify(keys.assertionPrivateKey),
    ASSERTION_PUBLIC_KEYS: JSON.stringify(keys.assertionPublicKeys),
    ACCOUNTS_TOKEN_PRIVATE_KEY: JSON.stringify(keys.tokenPrivateKey),
    ...(tokenKeysFile === undefined ? {} : { ACCOUNTS_TOKEN_KEYS_FILE: tokenKeysFile }),
    ACCOUNTS_DATA_KEYS: JSON.stringify(keys.dataKeys),
    ...env,
    ...Object.fromEntries(databases),
  };
}

export const urlVariable = (name: string): string => variable(name, 'URL');
