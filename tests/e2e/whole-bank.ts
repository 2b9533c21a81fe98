import { createLogger } from '@simplebank/chassis/logging';
import type { Part } from '@simplebank/chassis/process';
import { createMemoryShared, type Shared } from '@simplebank/chassis/shared';
import { subscribers } from '@simplebank/contracts/subscriptions';
import { systemClock } from '@simplebank/kernel/clock';
import { createChance } from '@simplebank/testkit/chance';
import { createTestDatabase, type TestDatabase } from '@simplebank/testkit/database';
import { createSeededIds } from '@simplebank/testkit/ids';
import { createRecordingQueues, type RecordingQueues } from '@simplebank/testkit/queues';
import { type BankClient, bankClient, UnexpectedAnswer, waitFor } from '../../tools/bank/client.ts';
import { startBank } from '../../tools/embedded/bank.ts';
import { processEnvironment } from '../../tools/embedded/environment.ts';
import { type Keys, makeKeys } from '../../tools/embedded/keys.ts';
import { databaseOwners, readSettings } from '../../tools/embedded/settings.ts';
import { registerStaff, signInStaff } from '../../tools/seed/staff.ts';

/** How events travel in a test: in order and once, or shuffled by a seed and twice. */
export type Travel = { readonly seed?: number; readonly copies?: number };

export type WholeBank = {
  readonly web: BankClient;
  readonly urls: Readonly<Record<string, string>>;
  /** What its processes read, for one more of them. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Signed in as operations on the federation gateway. */
  readonly staff: BankClient;
  readonly databases: Readonly<Record<string, TestDatabase>>;
  /** Lines of every process, parsed. */
  readonly logs: readonly Record<string, unknown>[];
  readonly queues: RecordingQueues;
  /** What its gateways share, for one more of them. */
  readonly shared: Shared;
  /** What runs; a test may close some of it before the end. */
  readonly parts: readonly Part[];
  readonly close: () => Promise<void>;
};

const quick = {
  WEB_PORT: '0',
  MOBILE_PORT: '0',
  FEDERATION_PORT: '0',
  ACCOUNTS_SCRYPT_COST: '10',
  ACCOUNTS_PROVIDER_DELAY_MS: '20',
  MARKET_CALENDAR: 'always',
};

async function openDatabases(): Promise<Record<string, TestDatabase>> {
  const opened = databaseOwners.map(
    async (name) => [name, await createTestDatabase(name)] as const,
  );
  return Object.fromEntries(await Promise.all(opened));
}

/** Hands events over until told to stop; with a seed, to some subscribers first and others late. */
function pump(queues: RecordingQueues, { seed, copies = 1 }: Travel) {
  const chance = createChance(seed ?? 0);
  let stopped = false;
  let round = 0;
  const run = async () => {
    while (!stopped) {
      round++;
      const chosen = seed === undefined ? subscribers : subscribers.filter(() => chance() < 0.5);
      for (const to of chosen) {
        const order = seed === undefined ? {} : { seed: seed + round };
        // A context that has no time for them now gets them again, as from any queue.
        await queues.deliver({ to, copies, ...order }).catch(() => 0);
      }
      await new Promise((resume) => setTimeout(resume, seed === undefined ? 2 : 15));
    }
  };
  const running = run();
  return async () => {
    stopped = true;
    await running;
  };
}

const registerText = `mutation($input: RegisterAssetsInput!) { registerAssets(input: $input) {
  __typename } }`;

/** Four assets with prices: what the tests trade. */
async function listAssets(staff: BankClient): Promise<void> {
  const assets = ['AAPL', 'MSFT', 'ABC', 'DEF'].map((symbol) => ({
    symbol,
    name: `${symbol} Inc.`,
  }));
  await staff.ask(registerText, { input: { assets, reason: 'to be traded in a test' } });
  await waitFor('the first price', async () => {
    type Seen = { readonly asset: { readonly price: string | null } };
    const { asset } = await staff.ask<Seen>('{ asset(id: "DEF") { price } }');
    return asset.price;
  });
}

function nullIfRefused(error: unknown): null {
  if (error instanceof UnexpectedAnswer) return null;
  throw error;
}

/** Registers staff and assets on a new bank: its door for customers, and staff signed in. */
export async function openDoors(bank: { urls: Readonly<Record<string, string>> }, keys: Keys) {
  const door = (name: string) => bankClient(`${bank.urls[name]}/graphql`);
  await registerStaff(door('accounts'), keys.assertionPrivateKey);
  // On a crowded machine the first transaction may find no connection in time.
  const staff = await waitFor('staff signed in', () =>
    signInStaff(door('federation')).catch(nullIfRefused),
  );
  await listAssets(staff);
  return { web: door('web'), staff };
}

/** Every process of the bank in this one, over databases of its own, with events as told. */
export async function startWholeBank(travel: Travel = {}): Promise<WholeBank> {
  const [databases, keys] = await Promise.all([openDatabases(), makeKeys([])]);
  const databaseUrls = Object.fromEntries(
    Object.entries(databases).map(([name, { url }]) => [name, url]),
  );
  const logs: Record<string, unknown>[] = [];
  const log = createLogger({
    service: 'simplebank',
    destination: { write: (line) => void logs.push(JSON.parse(line)) },
  });
  const queues = createRecordingQueues();
  const newId = createSeededIds(`${Date.now()}-${Math.random()}`);
  const settings = readSettings(quick);
  const env = processEnvironment({ env: quick, settings, keys, databaseUrls });
  const shared = createMemoryShared({ log });
  const bank = await startBank(env, { clock: systemClock, newId, log, queues, shared });
  const stopPump = pump(queues, travel);
  return {
    ...(await openDoors(bank, keys)),
    urls: bank.urls,
    parts: bank.parts,
    env,
    databases,
    logs,
    queues,
    shared,
    close: async () => {
      await stopPump();
      await bank.close();
      await Promise.all(Object.values(databases).map((database) => database.drop()));
    },
  };
}
