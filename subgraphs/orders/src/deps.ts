import { type Transact, transactor } from '@simplebank/chassis/database';
import type { Logger } from '@simplebank/chassis/logging';
import type { Runtime } from '@simplebank/chassis/process';
import { createRelay, type Relay } from '@simplebank/chassis/relay';
import type { Clock } from '@simplebank/kernel/clock';
import type { NewId } from '@simplebank/kernel/ids';
import { type MarketHours, marketHours } from '@simplebank/kernel/market-hours';
import type { Config } from './config.ts';
import { type AtOnce, openAtOnce } from './data/at-once.ts';
import { type Database, openDatabase, type Transaction } from './data/client.ts';

export type { Transaction } from './data/client.ts';

/** What a command or a query may touch. */
export type Deps = {
  readonly db: Database;
  readonly transact: Transact<Transaction>;
  readonly atOnce: AtOnce;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly log: Logger;
  readonly hours: MarketHours;
  readonly relay: Relay;
};

/** Connects to nothing yet: the database is asked at the first statement. */
export function openDeps(config: Config, runtime: Runtime): Deps {
  const { clock, newId, log, queues, shared } = runtime;
  const { signals } = shared;
  const db = openDatabase(config.ORDERS_DATABASE_URL, config.ORDERS_DATABASE_POOL_MAX);
  const relay = createRelay<Transaction>({ context: 'orders', db, queues, signals, log, clock });
  const transact = transactor<Transaction>(db, { onCommit: relay.wake });
  const hours = marketHours(config.MARKET_CALENDAR);
  const atOnce = openAtOnce(db);
  const named = log.child({ service: 'orders' });
  return { db, transact, atOnce, clock, newId, log: named, hours, relay };
}
