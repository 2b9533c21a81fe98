import { type Transact, transactor } from '@simplebank/chassis/database';
import type { Logger } from '@simplebank/chassis/logging';
import type { Runtime } from '@simplebank/chassis/process';
import { createRelay, type Relay } from '@simplebank/chassis/relay';
import type { Clock } from '@simplebank/kernel/clock';
import type { NewId } from '@simplebank/kernel/ids';
import { type MarketHours, marketHours } from '@simplebank/kernel/market-hours';
import type { Config } from './config.ts';
import { type Db, openDatabase, type Tx } from './data/client.ts';

export type { Tx } from './data/client.ts';

/** What a command or a query may touch. */
export type Deps = {
  readonly db: Db;
  readonly transact: Transact<Tx>;
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
  const db = openDatabase(config.HOLDINGS_DATABASE_URL);
  const relay = createRelay<Tx>({ context: 'holdings', db, queues, signals, log, clock });
  const transact = transactor<Tx>(db, { onCommit: relay.wake });
  return { db, transact, clock, newId, log, relay, hours: marketHours(config.MARKET_CALENDAR) };
}
