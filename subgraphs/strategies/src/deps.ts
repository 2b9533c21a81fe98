import { type Transact, transactor } from '@simplebank/chassis/database';
import type { Logger } from '@simplebank/chassis/logging';
import type { Runtime } from '@simplebank/chassis/process';
import { createRelay, type Relay } from '@simplebank/chassis/relay';
import type { Clock } from '@simplebank/kernel/clock';
import type { NewId } from '@simplebank/kernel/ids';
import { type MarketHours, marketHours } from '@simplebank/kernel/market-hours';
import type { Config } from './config.ts';
import { connect, type Database, type Tx } from './data/client.ts';

export type Deps = {
  readonly db: Database;
  readonly transact: Transact<Tx>;
  readonly relay: Relay;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly log: Logger;
  /** When the market is open: rebalancing begins in these hours. */
  readonly hours: MarketHours;
  /** How long an investment waits for news of a payment that was made a moment ago. */
  readonly paymentWaitMs: number;
};

export function openDeps(config: Config, runtime: Runtime): Deps {
  const { clock, newId, queues, shared } = runtime;
  const log = runtime.log.child({ service: 'strategies', module: 'strategies' });
  const db = connect(config.STRATEGIES_DATABASE_URL);
  const { signals } = shared;
  const relay = createRelay<Tx>({ context: 'strategies', db, queues, signals, log, clock });
  const transact = transactor<Tx>(db, { onCommit: () => relay.wake() });
  const paymentWaitMs = config.STRATEGIES_PAYMENT_WAIT_MS;
  const hours = marketHours(config.MARKET_CALENDAR);
  return { db, transact, relay, clock, newId, log, hours, paymentWaitMs };
}
