import type { Logger } from '@simplebank/chassis/logging';
import type { Clock } from '@simplebank/kernel/clock';
import { type Circuit, createCircuit } from '../domain/circuit.ts';
import type { Venue } from '../venue.ts';

export const callMsMax = 5_000;

/** The venue was not asked: its circuit is open. */
export class VenueResting extends Error {
  override readonly name = 'VenueResting';
}

export type GuardedVenue = Venue & {
  /** Whether a call would be let through; whoever takes work for it asks first. */
  readonly isReachable: () => boolean;
};

type Guard = { readonly clock: Clock; readonly log: Logger };
type Call = <T>(name: string, run: () => Promise<T>) => Promise<T>;

/** Every call has a deadline of 5 s and passes a circuit breaker that is shared by all calls. */
export function guarded(venue: Venue, guard: Guard): GuardedVenue {
  const circuit = createCircuit();
  const call = caller(venue.name, circuit, guard);
  return {
    name: venue.name,
    isOpen: venue.isOpen,
    isReachable: () => circuit.isPassable(guard.clock.now()),
    place: (instructions) => call('place', () => venue.place(instructions)),
    find: (clientIds) => call('find', () => venue.find(clientIds)),
    cancel: (clientIds) => call('cancel', () => venue.cancel(clientIds)),
    reports: (after) => call('reports', () => venue.reports(after)),
    quotes: (symbols, at) => call('quotes', () => venue.quotes(symbols, at)),
  };
}

const caller =
  (venue: string, circuit: Circuit, { clock, log }: Guard): Call =>
  async (name, run) => {
    if (!circuit.enter(clock.now())) throw new VenueResting(`${venue} is not called now`);
    try {
      const answer = await withinDeadline(run());
      if (circuit.state(clock.now()) !== 'CLOSED') log.info({}, `${venue} answers again`);
      circuit.succeeded();
      return answer;
    } catch (cause) {
      const at = clock.now();
      const before = circuit.state(at);
      circuit.failed(at);
      if (before !== 'OPEN' && circuit.state(at) === 'OPEN') {
        log.warn({ error_code: 'CIRCUIT_OPEN' }, `${venue} does not answer: its circuit is open`);
      }
      throw new Error(`venue ${venue}: ${name} failed`, { cause });
    }
  };

async function withinDeadline<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${callMsMax} ms`)), callMsMax);
  });
  try {
    return await Promise.race([answer, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
