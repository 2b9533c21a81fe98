/** Five failures in a row open it for 30 s, then one trial decides (domain §7, OPS-57). */
const failuresMax = 5;
const openMs = 30_000;

type CircuitState = 'CLOSED' | 'HALF_OPEN' | 'OPEN';

/** As `simplebank_circuit_state` shows it. */
export const gaugeOf = { CLOSED: 0, HALF_OPEN: 1, OPEN: 2 } as const;

/** The right to one call; its outcome counts only while the circuit is as it was at the start. */
export type Pass = { readonly era: number };

export type Circuit = {
  /** Whether a call may be made now; answers without taking anything. */
  readonly isPassable: (at: Date) => boolean;
  /**
   * Takes the right to call; null when there is none. A half-open circuit gives it to one only,
   * who has to tell the outcome: nobody else is let in before.
   */
  readonly enter: (at: Date) => Pass | null;
  /** The other side answered, be it with a refusal. */
  readonly succeeded: (pass: Pass) => void;
  /** Only for no connection, no answer in time or a fault of the other side. */
  readonly failed: (pass: Pass, at: Date) => void;
  /** Nobody was called: that says nothing of the other side, and the next one may try. */
  readonly unused: (pass: Pass) => void;
  readonly state: (at: Date) => CircuitState;
};

/**
 * The one circuit breaker of the house; whoever needs it puts its deadlines, logs and names around
 * it. An era ends when the circuit opens and when a trial ends: a call that was on its way
 * meanwhile neither closes the circuit, nor prolongs its rest, nor lets a second one try.
 */
export function createCircuit(): Circuit {
  let era = 0;
  let failures = 0;
  let openUntil: number | null = null;
  let onTrial = false;
  const state = (at: Date): CircuitState => {
    if (openUntil === null) return 'CLOSED';
    return at.getTime() < openUntil ? 'OPEN' : 'HALF_OPEN';
  };
  const isTrialFree = (at: Date): boolean => state(at) === 'HALF_OPEN' && !onTrial;
  const isPassable = (at: Date): boolean => state(at) === 'CLOSED' || isTrialFree(at);
  const begin = (until: number | null) => {
    era += 1;
    failures = 0;
    onTrial = false;
    openUntil = until;
  };
  return {
    state,
    isPassable,
    enter(at) {
      if (!isPassable(at)) return null;
      onTrial = isTrialFree(at);
      return { era };
    },
    succeeded(pass) {
      if (pass.era !== era) return;
      failures = 0;
      if (onTrial) begin(null);
    },
    failed(pass, at) {
      if (pass.era !== era) return;
      failures += 1;
      if (onTrial || failures >= failuresMax) begin(at.getTime() + openMs);
    },
    unused(pass) {
      if (pass.era === era && onTrial) begin(openUntil);
    },
  };
}
