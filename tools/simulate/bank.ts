import * as accounts from '@simplebank/accounts/config';
import { openSteps as openAccounts, type PaymentProvider } from '@simplebank/accounts/simulation';
import * as assets from '@simplebank/assets/config';
import { openSteps as openAssets } from '@simplebank/assets/simulation';
import type { Runtime } from '@simplebank/chassis/process';
import { createMemoryShared } from '@simplebank/chassis/shared';
import type { Steps } from '@simplebank/chassis/steps';
import * as holdings from '@simplebank/holdings/config';
import { openSteps as openHoldings } from '@simplebank/holdings/simulation';
import type { Clock } from '@simplebank/kernel/clock';
import * as market from '@simplebank/market/config';
import { openSteps as openMarket, type Venue } from '@simplebank/market/simulation';
import * as orders from '@simplebank/orders/config';
import { openSteps as openOrders } from '@simplebank/orders/simulation';
import * as strategies from '@simplebank/strategies/config';
import { openSteps as openStrategies } from '@simplebank/strategies/simulation';
import { createSeededIds } from '@simplebank/testkit/ids';
import { processEnvironment } from '../embedded/environment.ts';
import { makeKeys } from '../embedded/keys.ts';
import { type Environment, readSettings } from '../embedded/settings.ts';
import { type Context, contexts, type Grounds } from './grounds.ts';
import { createHearing, type Hearing } from './hearing.ts';
import type { Network } from './network.ts';
import { openWire, type Wire } from './wire.ts';

/** One context as a process that can die: what it has in memory goes with it. */
export type Station = {
  readonly context: Context;
  readonly wire: Wire;
  readonly hearing: Hearing;
  readonly steps: () => Steps;
  /** What its database may hold that somebody has to fetch. */
  readonly left: Left;
  /** Forgets everything that is not in the database, and starts anew. */
  readonly restart: () => Promise<void>;
  readonly close: () => Promise<void>;
};
type Left = { outbox: boolean; parked: boolean; written: boolean; changes: number };
export type Bank = Readonly<Record<Context, Station>>;

export type BankOptions = {
  readonly seed: number;
  readonly grounds: Grounds;
  readonly clock: Clock;
  readonly network: Network;
  readonly venue: Venue;
  readonly provider: PaymentProvider;
  readonly note: (line: string) => void;
};

/** Always the same, because fingerprints of what customers say are made with it. */
const dataKey = { kty: 'oct', kid: 'simulated', k: Buffer.alloc(32, 7).toString('base64url') };

const chosen = {
  ACCOUNTS_DATA_KEYS: JSON.stringify({ keys: [dataKey] }),
  // Its exchange is handed in; none is to run inside the market.
  MARKET_VENUE_URL: 'http://exchange.invalid',
  MARKET_VENUE_KEY: 'key-at-the-exchange',
  MARKET_CALENDAR: 'nyse',
  ACCOUNTS_SCRYPT_COST: '10',
  STRATEGIES_PAYMENT_WAIT_MS: '0',
};
const keys = makeKeys([]);

type Opening = { readonly env: Environment } & Pick<BankOptions, 'venue' | 'provider'>;
type Open = (runtime: Runtime, opening: Opening) => Promise<Steps>;

const doors: Readonly<Record<Context, Open>> = {
  accounts: (runtime, { env, provider }) =>
    openAccounts(accounts.loadConfig(env), runtime, provider),
  orders: (runtime, { env }) => openOrders(orders.loadConfig(env), runtime),
  holdings: (runtime, { env }) => openHoldings(holdings.loadConfig(env), runtime),
  assets: (runtime, { env }) => openAssets(assets.loadConfig(env), runtime),
  strategies: (runtime, { env }) => openStrategies(strategies.loadConfig(env), runtime),
  market: (runtime, { env, venue }) => openMarket(market.loadConfig(env), runtime, venue),
};

export async function openBank(options: BankOptions): Promise<Bank> {
  const { grounds } = options;
  const databaseUrls = Object.fromEntries(contexts.map((name) => [name, grounds[name].url]));
  const settings = readSettings(chosen);
  const env = processEnvironment({ env: chosen, settings, keys: await keys, databaseUrls });
  const opened = contexts.map(
    async (context) => [context, await openStation(context, env, options)] as const,
  );
  return Object.fromEntries(await Promise.all(opened)) as Bank;
}

export async function closeBank(bank: Bank): Promise<void> {
  await Promise.all(Object.values(bank).map((station) => station.close()));
}

async function openStation(context: Context, env: Environment, options: BankOptions) {
  const { seed, grounds, clock, network, note } = options;
  const left: Left = { outbox: false, parked: false, written: false, changes: 0 };
  const passed = (text: string, rows: number) => notice(left, text, rows);
  const wire = openWire({ url: grounds[context].url, now: clock.now, note, passed });
  const hearing = createHearing();
  // Of the context, not of its life: an id is never given twice.
  const newId = createSeededIds(`${seed}/${context}`);
  const { log } = hearing;
  const shared = createMemoryShared({ log });
  const runtime: Runtime = { clock, newId, log, queues: network, shared };
  let steps = await doors[context](runtime, { env, ...options });
  const end = async () => {
    await wire.revive();
    await steps.close();
  };
  const station: Station = {
    ...{ context, wire, hearing, left, steps: () => steps },
    async restart() {
      await end();
      steps = await doors[context](runtime, { env, ...options });
    },
    async close() {
      await end();
      await wire.close();
    },
  };
  return station;
}

function notice(left: Left, text: string, rows: number): void {
  if (!/\b(INSERT|UPDATE|DELETE)\b/i.test(text)) return;
  left.written = true;
  // What is told, and what was heard, changes nothing by itself.
  if (rows > 0 && !/\b(outbox|inbox)_event\b/.test(text)) left.changes += 1;
  if (/INSERT INTO "?(public"\.")?outbox_event/i.test(text)) left.outbox = true;
  if (rows > 0 && /INSERT INTO parked_event/i.test(text)) left.parked = true;
}
