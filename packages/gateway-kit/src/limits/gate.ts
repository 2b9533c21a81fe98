import { LimitExceeded } from './limit-exceeded.ts';
import type { GateSettings } from './settings.ts';

/** Who goes before whom when not all can be served. */
const ranks = ['critical', 'common', 'infrequent'] as const;
export type Rank = (typeof ranks)[number];

const strategies = { critical: 'critical', common: 'pressure', infrequent: 'infrequent' } as const;
const retryAfterMs = 1_000;

export type Gate = {
  /** Resolves with what ends the stay. Rejects with LimitExceeded OVERLOADED. */
  readonly enter: (rank: Rank) => Promise<() => void>;
  readonly inFlight: () => number;
  readonly waiting: () => number;
};

type Waiter = { readonly admit: () => void; readonly refuse: () => void };
type GateOptions = GateSettings & { readonly lagMs: () => number };

/**
 * Lets as many requests work at once as the process can bear, and few wait for a short while, so
 * that memory and time stay bounded whatever comes. Callers who come seldom have half of the
 * places, and wait behind all others; critical operations have places of their own on top.
 */
export function createGate(options: GateOptions): Gate {
  const waiting = new Map<Rank, Set<Waiter>>(ranks.map((rank) => [rank, new Set()]));
  const placesFor = placesOf(options);
  let inFlight = 0;

  const waitersOf = (rank: Rank) => waiting.get(rank) ?? new Set<Waiter>();
  const admitted = () => {
    inFlight += 1;
    let inside = true;
    return () => {
      if (!inside) return;
      inside = false;
      inFlight -= 1;
      callNext();
    };
  };
  const next = (): Waiter | undefined => {
    const rank = ranks.find(
      (each) => waitersOf(each).size > 0 && inFlight < placesFor(each, inFlight),
    );
    const [waiter] = rank ? waitersOf(rank) : [];
    return waiter;
  };
  const callNext = () => {
    for (let waiter = next(); waiter; waiter = next()) waiter.admit();
  };
  const free = (rank: Rank) => waitersOf(rank).size === 0 && inFlight < placesFor(rank, inFlight);

  return {
    async enter(rank) {
      if (free(rank)) return admitted();
      if (!roomToWait(rank, { waitersOf, inFlight, options })) throw overloaded(rank);
      return wait(waitersOf(rank), { rank, waitMsMax: options.waitMsMax, admitted });
    },
    inFlight: () => inFlight,
    waiting: () => ranks.reduce((sum, rank) => sum + waitersOf(rank).size, 0),
  };
}

const overloaded = (rank: Rank) =>
  new LimitExceeded({ code: 'OVERLOADED', strategy: strategies[rank], retryAfterMs });

/**
 * A late process works on a quarter of the places, so that its turns become short again: it takes
 * one new connection in each. One that is late with less than that to do has another trouble.
 */
const placesWhenLate = ({ inFlightMax }: GateOptions) => Math.ceil(inFlightMax / 4);
const isLate = (options: GateOptions, inFlight: number): boolean =>
  inFlight >= placesWhenLate(options) && options.lagMs() > options.lagMsMax;

/** How many requests may be inside for one of this rank to come in. */
function placesOf(options: GateOptions): (rank: Rank, inFlight: number) => number {
  const { inFlightMax, reserved } = options;
  return (rank, inFlight) => {
    if (rank === 'critical') return inFlightMax + reserved;
    const places = isLate(options, inFlight) ? placesWhenLate(options) : inFlightMax;
    return rank === 'common' ? places : Math.ceil(places / 2);
  };
}

type Room = {
  readonly waitersOf: (rank: Rank) => Set<Waiter>;
  readonly inFlight: number;
  readonly options: GateOptions;
};

/** Critical operations wait in a room of their own; a common caller takes an infrequent's chair. */
function roomToWait(rank: Rank, { waitersOf, inFlight, options }: Room): boolean {
  if (rank === 'critical') return waitersOf(rank).size < options.waitingMax;
  if (isLate(options, inFlight)) return false;
  const infrequent = waitersOf('infrequent');
  if (waitersOf('common').size + infrequent.size < options.waitingMax) return true;
  const last = rank === 'common' ? [...infrequent].at(-1) : undefined;
  last?.refuse();
  return last !== undefined;
}

type Stay = {
  readonly rank: Rank;
  readonly waitMsMax: number;
  readonly admitted: () => () => void;
};

function wait(waiters: Set<Waiter>, { rank, waitMsMax, admitted }: Stay): Promise<() => void> {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer);
      waiters.delete(waiter);
    };
    const waiter: Waiter = {
      admit: () => {
        end();
        resolve(admitted());
      },
      refuse: () => {
        end();
        reject(overloaded(rank));
      },
    };
    const timer = setTimeout(waiter.refuse, waitMsMax);
    waiters.add(waiter);
  });
}
