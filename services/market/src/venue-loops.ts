import { createLoop, type Loop } from '@simplebank/chassis/loop';
import { endUnsent } from './commands/end-unsent.ts';
import { publishQuotes } from './commands/publish-quotes.ts';
import { sendCancels } from './commands/send-cancels.ts';
import { sendOrders } from './commands/send-orders.ts';
import { sendRebases } from './commands/send-rebases.ts';
import { takeReports } from './commands/take-reports.ts';
import { nextAttempt } from './data/venue-claims.ts';
import type { Deps } from './deps.ts';
import { VenueResting } from './venues/guarded.ts';

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

/** Sends what waits for the venue, in the order in which it came. */
export const sendLoop = (deps: Deps): Loop =>
  createLoop({
    service: 'market',
    name: 'market-send',
    log: deps.log,
    turn: unlessResting(async () => {
      if (!deps.venue.isReachable()) {
        return (await endUnsent(deps)) > 0 ? 0 : restingMs;
      }
      const next = await nextAttempt(deps.db);
      const pauseMs = next === null ? idleMs : next.getTime() - deps.clock.now().getTime();
      if (pauseMs > 0) return Math.min(idleMs, pauseMs);
      const sent = (await sendOrders(deps)) + (await sendRebases(deps)) + (await sendCancels(deps));
      return sent > 0 ? 0 : idleMs;
    }),
  });

/**
 * Reads what the venue reports. `isTold`: it is woken when there is something; otherwise the venue
 * holds each question until there is, so that the next one follows at once.
 */
export const reportLoop = (deps: Deps, { isTold }: { readonly isTold: boolean }): Loop =>
  createLoop({
    service: 'market',
    name: 'market-reports',
    log: deps.log,
    turn: unlessResting(async () => {
      if (!deps.venue.isReachable()) return restingMs;
      return (await takeReports(deps)) > 0 || !isTold ? 0 : idleMs;
    }),
  });

/** Publishes quotes: all of them after a start, then round after round. */
export function quoteLoop(deps: Deps, intervalMs: number): Loop {
  const since = deps.clock.now();
  return createLoop({
    service: 'market',
    name: 'market-quotes',
    log: deps.log,
    turn: unlessResting(async () => {
      await publishQuotes(deps, { since, intervalMs });
      return Math.min(intervalMs, newAssetMs);
    }),
  });
}
