import type { Runtime } from '@simplebank/chassis/process';
import { createSteps, type Steps } from '@simplebank/chassis/steps';
import type { Job } from '@simplebank/chassis/worker';
import { endUnsent } from './commands/end-unsent.ts';
import { publishQuotes } from './commands/publish-quotes.ts';
import { sendCancels } from './commands/send-cancels.ts';
import { sendOrders } from './commands/send-orders.ts';
import { sendRebases } from './commands/send-rebases.ts';
import { takeReports } from './commands/take-reports.ts';
import type { Config } from './config.ts';
import { type Deps, openDeps } from './deps.ts';
import { consumers } from './events/consumers.ts';
import type { Venue } from './venue.ts';
import { guarded, VenueResting } from './venues/guarded.ts';

export type {
  Instruction,
  PlaceAnswer,
  Rebase,
  ReplaceAnswer,
  Venue,
  VenueReport,
} from './venue.ts';

const turnMs = 1_000;

/** What the market decides, step by step, for the simulation of the whole bank. */
export async function openSteps(config: Config, runtime: Runtime, venue: Venue): Promise<Steps> {
  const { deps: own, relay } = openDeps(config, runtime);
  // Whoever plays the venue plays all prices.
  const deps = { ...own, relay, venue: guarded(venue, own), secondQuotes: null };
  return createSteps({
    subscriber: 'market',
    handlers: consumers(deps),
    deps,
    jobs: turns(deps, config.MARKET_QUOTE_INTERVAL_MS),
  });
}

/** The turns of the loops that talk to the venue. */
function turns(deps: Deps, intervalMs: number): readonly Job[] {
  const since = deps.clock.now();
  const turn = (name: string, run: () => Promise<unknown>, everyMs = turnMs): Job => ({
    name,
    everyMs,
    run: () => run().then(() => {}, unlessResting),
  });
  const reachable = (run: (deps: Deps) => Promise<number>) => () =>
    deps.venue.isReachable() ? run(deps) : endUnsent(deps);
  return [
    turn('send-orders', reachable(sendOrders)),
    turn('send-rebases', reachable(sendRebases)),
    turn('send-cancels', reachable(sendCancels)),
    turn('take-reports', () => takeReports(deps)),
    turn('publish-quotes', () => publishQuotes(deps, { since, intervalMs }), intervalMs),
  ];
}

const unlessResting = (error: unknown): void => {
  if (!(error instanceof VenueResting)) throw error;
};
