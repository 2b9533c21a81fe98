import { expireUnsent } from './commands/expire-unsent.ts';
import { publishQuotes } from './commands/publish-quotes.ts';
import { sendCancels } from './commands/send-cancels.ts';
import { sendOrders } from './commands/send-orders.ts';
import { takeReports } from './commands/take-reports.ts';
import { nextAttempt } from './data/venue-claims.ts';
import type { Deps } from './deps.ts';
import { createLoop, type Loop } from './loop.ts';
import { VenueResting } from './venues/guarded.ts';
import type { SimulatedVenue } from './venues/simulated.ts';

/**
 * The longest pause of a loop that is woken when its process has work for it. Only what another
 * process has left behind in a crash waits this long.
 */
const idleMs = 5_000;
/** How often a loop looks whether a venue that rests can be called again. */
const restingMs = 1_000;
/** A new asset need not wait for the next round to have a price. */
const newAssetMs = 1_000;

/** While the venue rests there is nothing to do, and nothing wrong with the loop. */
const unlessResting = (turn: () => Promise<number>) => (): Promise<number> =>
  turn().catch((error: unknown) => {
    if (error instanceof VenueResting) return restingMs;
    throw error;
  });

/** Sends what waits for the venue; `onSent` hears when the venue has something new. */
export const sendLoop = (deps: Deps, onSent: () => void): Loop =>
  createLoop({
    name: 'market-send',
    log: deps.log,
    turn: unlessResting(async () => {
      if (!deps.venue.isReachable()) {
        await expireUnsent(deps);
        return restingMs;
      }
      const next = await nextAttempt(deps.db);
      const pauseMs = next === null ? idleMs : next.getTime() - deps.clock.now().getTime();
      if (pauseMs > 0) return Math.min(idleMs, pauseMs);
      const sent = (await sendOrders(deps)) + (await sendCancels(deps));
      if (sent > 0) onSent();
      return sent > 0 ? 0 : idleMs;
    }),
  });

/** Reads what the venue reports. */
export const reportLoop = (deps: Deps): Loop =>
  createLoop({
    name: 'market-reports',
    log: deps.log,
    turn: unlessResting(async () => ((await takeReports(deps)) > 0 ? 0 : idleMs)),
  });

/** Publishes quotes: all of them after a start, then round after round. */
export function quoteLoop(deps: Deps, intervalMs: number): Loop {
  const since = deps.clock.now();
  return createLoop({
    name: 'market-quotes',
    log: deps.log,
    turn: unlessResting(async () => {
      await publishQuotes(deps, { since, intervalMs });
      return Math.min(intervalMs, newAssetMs);
    }),
  });
}

/** Lets the simulated venue trade; `onTrade` hears when it may have reports. */
export const simulatedLoop = (
  { trade }: SimulatedVenue,
  { log }: Deps,
  onTrade: () => void,
): Loop =>
  createLoop({
    name: 'market-simulated-venue',
    log,
    async turn() {
      const { traded, pauseMs } = await trade();
      if (traded > 0) onTrade();
      return Math.min(idleMs, pauseMs ?? idleMs);
    },
  });
