import type { Transact } from '@simplebank/chassis/database';
import type { Clock } from '@simplebank/kernel/clock';
import type { MarketHours } from '@simplebank/kernel/market-hours';
import type { Database, Tx } from './data/client.ts';
import type { House } from './domain/acceptance.ts';

/** What the venue's engine may touch, and the chances by which it plays. */
export type Deps = House & {
  readonly db: Database;
  readonly transact: Transact<Tx>;
  readonly clock: Clock;
  readonly hours: MarketHours;
  readonly duplicatePercent: number;
  readonly haltPercent: number;
  readonly thinPercent: number;
};
