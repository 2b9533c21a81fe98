import { createLogger } from '@simplebank/chassis/logging';
import { openQueues } from '@simplebank/chassis/queue';
import { openShared } from '@simplebank/chassis/shared';
import { systemClock } from '@simplebank/kernel/clock';
import { createSeededIds } from '@simplebank/testkit/ids';
import type { BankClient } from '../../../tools/bank/client.ts';
import { startBank } from '../../../tools/embedded/bank.ts';
import { processEnvironment } from '../../../tools/embedded/environment.ts';
import { makeKeys } from '../../../tools/embedded/keys.ts';
import { databaseOwners, readSettings } from '../../../tools/embedded/settings.ts';
import { prepareDatabases, queueDatabase } from '../../../tools/migrate/databases.ts';
import { openDoors } from '../../e2e/whole-bank.ts';

export type LogLine = { readonly at: number; readonly line: Readonly<Record<string, unknown>> };

/** Every process of the bank in this one, on servers that a test may take away. */
export type ChaosBank = {
  readonly web: BankClient;
  readonly databaseUrls: Readonly<Record<string, string>>;
  /** Warnings and errors only, with the moment of each by `performance.now`. */
  readonly troubles: readonly LogLine[];
  readonly close: () => Promise<void>;
};

export type Servers = {
  /** A superuser's address; its server holds the queues as well where there is no Redis. */
  readonly adminUrl: string;
  readonly redisUrl?: string;
};

const quick = {
  ...{ WEB_PORT: '0', MOBILE_PORT: '0', FEDERATION_PORT: '0' },
  ...{ ACCOUNTS_SCRYPT_COST: '10', ACCOUNTS_PROVIDER_DELAY_MS: '20', MARKET_CALENDAR: 'always' },
};

/** With four assets to trade. Unlike the bank of the end-to-end tests it has its real queues. */
export async function startChaosBank({ adminUrl, redisUrl }: Servers): Promise<ChaosBank> {
  const keys = await makeKeys([]);
  const databaseUrls = await prepareDatabases({
    ...{ adminUrl, contexts: databaseOwners, passwordOf: (name) => `secret-of-${name}` },
  });
  const troubles: LogLine[] = [];
  const write = (text: string) =>
    void troubles.push({ at: performance.now(), line: JSON.parse(text) });
  const log = createLogger({ service: 'simplebank', level: 'WARN', destination: { write } });
  const queues = await openQueues({ redisUrl, databaseUrl: databaseUrls[queueDatabase], log });
  const shared = await openShared({ redisUrl, log });
  const settings = readSettings(quick);
  const env = processEnvironment({ env: quick, settings, keys, databaseUrls });
  const newId = createSeededIds(`${Date.now()}-${Math.random()}`);
  const bank = await startBank(env, { clock: systemClock, newId, log, queues, shared });
  const { web } = await openDoors(bank, keys);
  return {
    ...{ web, databaseUrls, troubles },
    close: async () => {
      await bank.close();
      await queues.close();
      await shared.close();
    },
  };
}

/** The most lines of one second, and whose: a server that is away must not fill the disk. */
export function worstSecond(troubles: readonly LogLine[]): number {
  const seconds = new Map<number, number>();
  for (const { at } of troubles) {
    const second = Math.floor(at / 1_000);
    seconds.set(second, (seconds.get(second) ?? 0) + 1);
  }
  return Math.max(0, ...seconds.values());
}
