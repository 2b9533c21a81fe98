import { chance } from './chance.ts';

export const outages = ['NONE', 'CUT', 'ERROR', 'HANG'] as const;

/** How the venue misbehaves toward its participants; its book stays honest. */
export type Faults = {
  /** Every call: the connection is cut, it fails with a 5xx, or no answer ever comes. */
  readonly outage: (typeof outages)[number];
  readonly latencyMs: number;
  /** Of 100 calls: done, and then the answer is lost with the connection. */
  readonly lostAnswerPercent: number;
  /** Of 100 calls: not done, and answered with a 5xx. */
  readonly errorPercent: number;
};

/** What is not named stays as it is. */
export type FaultsChange = { readonly [Key in keyof Faults]?: Faults[Key] | undefined };

export const changed = (faults: Faults, change: FaultsChange): Faults => ({
  outage: change.outage ?? faults.outage,
  latencyMs: change.latencyMs ?? faults.latencyMs,
  lostAnswerPercent: change.lostAnswerPercent ?? faults.lostAnswerPercent,
  errorPercent: change.errorPercent ?? faults.errorPercent,
});

export type Mishap = {
  readonly delayMs: number;
  readonly before: Faults['outage'];
  readonly isAnswerLost: boolean;
};

/** What happens to the nth call; the same seed and faults give the same mishaps. */
export function mishapOf(faults: Faults, seed: string, nth: number): Mishap {
  const { outage, latencyMs: delayMs, lostAnswerPercent, errorPercent } = faults;
  const isError = chance(seed, 'error', nth) % 100 < errorPercent;
  return {
    delayMs,
    before: outage === 'NONE' && isError ? 'ERROR' : outage,
    isAnswerLost: chance(seed, 'lost', nth) % 100 < lostAnswerPercent,
  };
}
