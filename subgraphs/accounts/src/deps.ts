import { type Transact, transactor } from '@simplebank/chassis/database';
import type { Logger } from '@simplebank/chassis/logging';
import type { Runtime } from '@simplebank/chassis/process';
import { createRelay, type Relay } from '@simplebank/chassis/relay';
import type { Clock } from '@simplebank/kernel/clock';
import type { NewId } from '@simplebank/kernel/ids';
import type { Config } from './config.ts';
import { type Db, openClient, type Tx } from './data/client.ts';
import {
  createPasswords,
  createTokens,
  fixedKeys,
  type KeySource,
  keysInFile,
  newSecret,
  type Passwords,
  type Tokens,
} from './identity/index.ts';
import { guardedProvider, type PaymentProvider, simulatedProvider } from './payments/index.ts';
import {
  createDataKeys,
  type DataKeys,
  simulatedVerifier,
  type VerificationProvider,
} from './verification/index.ts';

/** What a command may touch. */
export type Deps = {
  readonly db: Db;
  readonly transact: Transact<Tx>;
  readonly clock: Clock;
  readonly newId: NewId;
  /** An unguessable text, for refresh tokens. */
  readonly newSecret: () => string;
  readonly log: Logger;
  readonly passwords: Passwords;
  readonly tokens: Tokens;
  readonly provider: PaymentProvider;
  readonly verifier: VerificationProvider;
  /** Encrypt what nobody may read who only has the database. */
  readonly dataKeys: DataKeys;
  readonly relay: Relay;
  readonly runtime: Runtime;
};

/** Opens nothing yet: the database is reached with the first statement. */
export async function openDeps(config: Config, runtime: Runtime): Promise<Deps> {
  const { clock, newId, queues, shared } = runtime;
  const log = runtime.log.child({ service: 'accounts' });
  const db = openClient(config.ACCOUNTS_DATABASE_URL);
  const { signals } = shared;
  const relay = createRelay<Tx>({ context: 'accounts', db, queues, signals, log, clock });
  return {
    db,
    transact: transactor<Tx>(db, { onCommit: relay.wake }),
    clock,
    newId,
    newSecret,
    log,
    passwords: createPasswords({ cost: config.ACCOUNTS_SCRYPT_COST }),
    tokens: await createTokens({
      keys: await tokenKeys(config, { clock, log }),
      issuer: config.TOKEN_ISSUER,
      clock,
    }),
    provider: providerOf(config, { db, clock, log }),
    verifier: simulatedVerifier({ clock, delayMs: config.ACCOUNTS_VERIFICATION_DELAY_MS }),
    dataKeys: createDataKeys(config.ACCOUNTS_DATA_KEYS),
    relay,
    runtime,
  };
}

/** Where keys may change while the process runs, or one that never does. */
async function tokenKeys(
  config: Config,
  { clock, log }: Pick<Deps, 'clock' | 'log'>,
): Promise<KeySource> {
  const { ACCOUNTS_TOKEN_KEYS_FILE: file, ACCOUNTS_TOKEN_PRIVATE_KEY: key } = config;
  if (file !== undefined) return keysInFile({ file, clock, log });
  if (key === undefined) throw new Error('there is no key to sign access tokens with');
  return fixedKeys(key);
}

/** The payment provider of the demo bank, called as a real one would be. */
function providerOf(config: Config, { db, clock, log }: Pick<Deps, 'db' | 'clock' | 'log'>) {
  const simulated = simulatedProvider({
    ...{ db, clock, transact: transactor<Tx>(db, { onCommit: () => {} }) },
    seed: config.ACCOUNTS_PROVIDER_SEED,
    delayMs: config.ACCOUNTS_PROVIDER_DELAY_MS,
    returnDelayMs: config.ACCOUNTS_PROVIDER_RETURN_DELAY_MS,
    callMs: config.ACCOUNTS_PROVIDER_CALL_MS,
    failPercent: config.ACCOUNTS_PROVIDER_FAIL_PERCENT,
    losePercent: config.ACCOUNTS_PROVIDER_LOSE_PERCENT,
    refusePercent: config.ACCOUNTS_PROVIDER_REFUSE_PERCENT,
    returnPercent: config.ACCOUNTS_PROVIDER_RETURN_PERCENT,
    repeatPercent: config.ACCOUNTS_PROVIDER_REPEAT_PERCENT,
    reorderPercent: config.ACCOUNTS_PROVIDER_REORDER_PERCENT,
    silentPercent: config.ACCOUNTS_PROVIDER_SILENT_PERCENT,
  });
  return guardedProvider(simulated, { clock, log });
}
