import { type Transact, transactor } from '@simplebank/chassis/database';
import type { Logger } from '@simplebank/chassis/logging';
import type { Runtime } from '@simplebank/chassis/process';
import { createRelay, type Relay } from '@simplebank/chassis/relay';
import type { Clock } from '@simplebank/kernel/clock';
import type { NewId } from '@simplebank/kernel/ids';
import { marketHours } from '@simplebank/kernel/market-hours';
import type { Config } from './config.ts';
import { connect, type Database, type Tx } from './data/client.ts';
import { type GuardedVenue, guarded } from './venues/guarded.ts';
import { type SimulatedVenue, simulatedVenue } from './venues/simulated.ts';

export type Deps = {
  readonly db: Database;
  readonly transact: Transact<Tx>;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly log: Logger;
  /** The venue as orders see it: with deadlines and a circuit breaker. */
  readonly venue: GuardedVenue;
};

/** What a process holds and has to close or start besides. */
export type Opened = {
  readonly deps: Deps;
  readonly relay: Relay;
  readonly simulated: SimulatedVenue;
};

/** Nothing runs and nothing is connected until it is asked for. */
export function openDeps(config: Config, runtime: Runtime): Opened {
  const { clock, newId, queues } = runtime;
  const log = runtime.log.child({ service: 'market', module: 'market' });
  const db = connect(config.MARKET_DATABASE_URL);
  const relay = createRelay<Tx>({ context: 'market', db, queues, log, clock });
  const simulated = simulatedVenue({
    db,
    transact: transactor<Tx>(db, { onCommit: () => {} }),
    clock,
    hours: marketHours(config.MARKET_CALENDAR),
    seed: config.MARKET_SEED,
    rejectSymbols: config.MARKET_REJECT_SYMBOLS,
    rejectPercent: config.MARKET_REJECT_PERCENT,
    duplicatePercent: config.MARKET_DUPLICATE_PERCENT,
  });
  const transact = transactor<Tx>(db, { onCommit: () => relay.wake() });
  const venue = guarded(simulated, { clock, log });
  return { deps: { db, transact, clock, newId, log, venue }, relay, simulated };
}
