import { randomBytes } from 'node:crypto';
import { processEnvironment, urlVariable } from '../embedded/environment.ts';
import type { Keys } from '../embedded/keys.ts';
import { type Environment, readSettings, subgraphs } from '../embedded/settings.ts';
import type { FleetDatabase } from './databases.ts';

export type Wiring = {
  readonly env: Environment;
  readonly keys: Keys;
  readonly tokenKeysFile?: string | undefined;
  readonly databases: Readonly<Record<string, FleetDatabase>>;
  readonly redisUrl: string;
  readonly redisPrefix: string;
  /** Where each logical name answers, the round robin where there are several. */
  readonly doors: Readonly<Record<string, string>>;
  readonly smtpPort: number;
  /** Operations addresses of processes without a door. */
  readonly workers: Readonly<Record<string, string>>;
};

const keyBytes = 24;

/** What the system gives every program, and nothing of a bank that happens to be set. */
function systemEnvironment(): Environment {
  const names = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'TZ', 'SystemRoot'];
  return Object.fromEntries(names.map((name) => [name, process.env[name]]));
}

/** The variables of all processes of one fleet; only ports differ between instances. */
export function fleetEnvironment(wiring: Wiring): Environment {
  const { env, keys, tokenKeysFile, databases, doors, smtpPort, workers } = wiring;
  const databaseUrls = Object.fromEntries(
    Object.entries(databases).map(([name, { url }]) => [name, url]),
  );
  const calendar = env['MARKET_CALENDAR'] ?? 'always';
  const venueKey = randomBytes(keyBytes).toString('base64url');
  const settings = readSettings({ ...env, MARKET_CALENDAR: calendar });
  const token = tokenKeysFile === undefined ? {} : { tokenKeysFile };
  const workerUrls = Object.entries(workers).map(([name, url]) => `${name}=${url}`);
  return {
    ...systemEnvironment(),
    ROLLUP_OPERATIONS_URLS: workerUrls.join(','),
    REDIS_URL: wiring.redisUrl,
    REDIS_PREFIX: wiring.redisPrefix,
    MARKET_VENUE_URL: doors['venue'],
    MARKET_VENUE_KEY: venueKey,
    VENUE_KEY: venueKey,
    VENUE_CONTROL_KEY: venueKey,
    VENUE_CALENDAR: calendar,
    MAIL_CATCHER_SMTP_PORT: String(smtpPort),
    NOTIFICATIONS_SMTP_URL: `smtp://127.0.0.1:${smtpPort}`,
    ...Object.fromEntries(subgraphs.map((name) => [urlVariable(name), doors[name]])),
    ...processEnvironment({ env, settings, keys, databaseUrls, ...token }),
  };
}
