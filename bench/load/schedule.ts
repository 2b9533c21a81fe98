/** Operations of customers, as the mixes name them. */
export type Operation =
  | 'quote'
  | 'asset list'
  | 'portfolio'
  | 'order list'
  | 'activities'
  | 'place'
  | 'rest'
  | 'cancel'
  | 'deposit';

export const writes: ReadonlySet<Operation> = new Set(['place', 'rest', 'cancel', 'deposit']);

/** A part of the day: how long it lasts, how busy it is against the others, and with what. */
export type Phase = {
  readonly name: string;
  /** Of the whole; the phases of a mix add up to 1. */
  readonly share: number;
  /** Requests per second against the mean of the day. */
  readonly intensity: number;
  readonly weights: Readonly<Partial<Record<Operation, number>>>;
};

export type Due = {
  /** Since the beginning of the load. */
  readonly atMs: number;
  readonly operation: Operation;
  readonly phase: string;
};

/** A stream of numbers from 0 to 1 that the seed decides (mulberry32). */
export function chances(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function pick(weights: Phase['weights'], chance: number): Operation {
  const entries = Object.entries(weights) as [Operation, number][];
  const whole = entries.reduce((sum, [, weight]) => sum + weight, 0);
  let left = chance * whole;
  for (const [operation, weight] of entries) {
    left -= weight;
    if (left < 0) return operation;
  }
  throw new Error('a phase without operations');
}

type Wanted = {
  readonly phases: readonly Phase[];
  /** Mean of the whole. */
  readonly perSecond: number;
  readonly seconds: number;
  readonly seed: number;
};

/**
 * When each request falls due, as people arrive who know nothing of each other: a Poisson process
 * whose rate follows the phases. The same seed gives the same schedule.
 */
export function schedule({ phases, perSecond, seconds, seed }: Wanted): readonly Due[] {
  const chance = chances(seed);
  const mean = phases.reduce((sum, { share, intensity }) => sum + share * intensity, 0);
  const due: Due[] = [];
  let from = 0;
  for (const { name, share, intensity, weights } of phases) {
    const until = from + share * seconds * 1_000;
    const perMs = (perSecond * intensity) / mean / 1_000;
    for (let at = from - Math.log(1 - chance()) / perMs; at < until; ) {
      due.push({ atMs: at, operation: pick(weights, chance()), phase: name });
      at -= Math.log(1 - chance()) / perMs;
    }
    from = until;
  }
  return due;
}

/** The busiest phase against the mean. */
export function peakOf(phases: readonly Phase[]): number {
  const mean = phases.reduce((sum, { share, intensity }) => sum + share * intensity, 0);
  return Math.max(...phases.map(({ intensity }) => intensity)) / mean;
}
