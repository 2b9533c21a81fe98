import { type Transact, transactor } from '@simplebank/chassis/database';
import type { Logger } from '@simplebank/chassis/logging';
import type { Part, Runtime } from '@simplebank/chassis/process';
import { createRelay, type Relay } from '@simplebank/chassis/relay';
import type { Clock } from '@simplebank/kernel/clock';
import type { NewId } from '@simplebank/kernel/ids';
import { type MarketHours, marketHours } from '@simplebank/kernel/market-hours';
import { openSimulator, type Simulator } from '@simplebank/venue/simulator';
import type { Config } from './config.ts';
import { connect, type Database, type Tx } from './data/client.ts';
import { createQuoteWatch, type QuoteWatch } from './quotes/ask-sources.ts';
import { httpQuotes, simulatedQuotes } from './quotes/second-source.ts';
import type { QuoteSource } from './quotes/source.ts';
import type { Venue } from './venue.ts';
import { type GuardedVenue, guarded } from './venues/guarded.ts';
import { httpVenue } from './venues/http.ts';
import { simulatedVenue } from './venues/simulated.ts';

export type Deps = {
  readonly db: Database;
  readonly transact: Transact<Tx>;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly log: Logger;
  /** The trading sessions in force. */
  readonly hours: MarketHours;
  /** The venue as orders see it: with deadlines and a circuit breaker. */
  readonly venue: GuardedVenue;
  /** Quotes for what the venue is silent on; null when there is no other source. */
  readonly secondQuotes: QuoteSource | null;
  readonly quoteWatch: QuoteWatch;
};

/** What a process holds and has to close or start besides. */
export type Opened = {
  readonly deps: Deps;
  readonly relay: Relay;
  /** The venue without its guard. */
  readonly bare: Venue;
  readonly venueParts: readonly Part[];
  /** The venue when it runs in this process; null when it is elsewhere. */
  readonly simulator: Simulator | null;
};

/** Nothing runs and nothing is connected until it is asked for. */
export function openDeps(config: Config, runtime: Runtime): Opened {
  const { clock, newId, queues, shared } = runtime;
  const log = runtime.log.child({ service: 'market', module: 'market' });
  const db = connect(config.MARKET_DATABASE_URL);
  const { signals } = shared;
  const relay = createRelay<Tx>({ context: 'market', db, queues, signals, log, clock });
  const transact = transactor<Tx>(db, { onCommit: () => relay.wake() });
  const { bare, venueParts: parts, simulator } = openVenue(config, { clock, log });
  const venue = guarded(bare, { clock, log });
  const hours = marketHours(config.MARKET_CALENDAR);
  const second = openSecondQuotes(config, simulator, { clock, log });
  const quoting = { secondQuotes: second.source, quoteWatch: createQuoteWatch() };
  const deps = { db, transact, clock, newId, log, hours, venue, ...quoting };
  return { deps, relay, bare, venueParts: [...parts, ...second.parts], simulator };
}

function openSecondQuotes(
  { MARKET_QUOTES_URL: url, MARKET_QUOTES_KEY: key = '' }: Config,
  simulator: Simulator | null,
  surroundings: Pick<Deps, 'clock' | 'log'>,
): { readonly source: QuoteSource | null; readonly parts: readonly Part[] } {
  if (url !== undefined) return httpQuotes({ url, key }, surroundings);
  return { source: simulator && simulatedQuotes(simulator, surroundings), parts: [] };
}

function openVenue(
  { MARKET_VENUE_URL: url, MARKET_VENUE_KEY: key = '', simulator: config }: Config,
  surroundings: Pick<Deps, 'clock' | 'log'>,
): Pick<Opened, 'bare' | 'venueParts' | 'simulator'> {
  if (config === null) {
    const { venue, part } = httpVenue({ name: 'exchange', url: url ?? '', key });
    return { bare: venue, venueParts: [part], simulator: null };
  }
  const simulator = openSimulator(config, surroundings);
  return { bare: simulatedVenue(simulator), venueParts: simulator.parts, simulator };
}
