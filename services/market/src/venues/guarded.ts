import { createGuard, type Guard } from '@simplebank/chassis/guard';
import type { Logger } from '@simplebank/chassis/logging';
import { type Outcome, recordOperation } from '@simplebank/chassis/metrics';
import type { Clock } from '@simplebank/kernel/clock';
import { type PlaceAnswer, type Venue, VenueNotReached, VenueRefusedCall } from '../venue.ts';

export const callMsMax = 5_000;

/** The venue was not asked: its circuit is open. */
export class VenueResting extends Error {
  override readonly name = 'VenueResting';
}

export type GuardedVenue = Venue & {
  /** Whether a call would be let through; whoever takes work for it asks first. */
  readonly isReachable: () => boolean;
};

type Surroundings = { readonly clock: Clock; readonly log: Logger };

/**
 * Every call has a deadline of 5 s and passes a circuit breaker that is shared by all calls; each
 * is counted and timed by its outcome. Throws VenueResting when the circuit is open, and what the
 * venue threw when that tells what became of the call; any other failure leaves that open.
 */
export function guarded(venue: Venue, { clock, log }: Surroundings): GuardedVenue {
  const guard = createGuard({
    ...{ service: 'market', dependency: venue.name, clock, log },
    ...{ timeoutMs: callMsMax, isAnswer: isRefusedCall },
  });
  const call = caller(venue.name, guard);
  return {
    name: venue.name,
    isReachable: guard.isPassable,
    place: (orders) => call('place_on_venue', () => venue.place(orders), outcomeOfPlacing),
    find: (clientIds) => call('find_on_venue', () => venue.find(clientIds)),
    cancel: (clientIds) => call('cancel_on_venue', () => venue.cancel(clientIds)),
    replace: (rebases) => call('replace_on_venue', () => venue.replace(rebases)),
    reports: (after) => call('read_venue_reports', () => venue.reports(after)),
    quotes: (symbols) => call('read_venue_quotes', () => venue.quotes(symbols)),
  };
}

/** A reject is an answer like any other; a call is `refused` when it brought nothing else. */
const outcomeOfPlacing = (answers: readonly PlaceAnswer[]): Outcome =>
  answers.length > 0 && answers.every(({ kind }) => kind === 'REJECTED') ? 'refused' : 'ok';

const isRefusedCall = (error: unknown): boolean => error instanceof VenueRefusedCall;

function caller(venue: string, guard: Guard) {
  return async <T>(
    operation: string,
    run: () => Promise<T>,
    outcomeOf: (answer: T) => Outcome = () => 'ok',
  ): Promise<T> => {
    if (!guard.isPassable()) throw new VenueResting(`${venue} is not called now`);
    const startedAt = performance.now();
    const tell = (outcome: Outcome) => {
      const durationMs = performance.now() - startedAt;
      recordOperation({ service: 'market', operation, outcome, durationMs });
    };
    try {
      const answer = await guard.call(run, { name: operation, outcomeOf });
      tell(outcomeOf(answer));
      return answer;
    } catch (error) {
      tell(isRefusedCall(error) ? 'refused' : 'error');
      throw (
        tellingFate(error) ?? new Error(`venue ${venue}: ${operation} failed`, { cause: error })
      );
    }
  };
}

/** The error that says what became of the call, if this one or its cause does. */
function tellingFate(error: unknown): unknown {
  if (isRefusedCall(error)) return error;
  const { cause } = error instanceof Error ? error : {};
  return cause instanceof VenueNotReached ? cause : null;
}
