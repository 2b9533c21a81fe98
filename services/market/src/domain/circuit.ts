/** Five failures in a row open it for 30 s, then one trial decides (domain §7). */
const failuresMax = 5;
const openMs = 30_000;

type CircuitState = 'CLOSED' | 'OPEN' | 'HALF_OPEN';

export type Circuit = {
  /** Whether a call may be made now; answers without taking anything. */
  readonly isPassable: (at: Date) => boolean;
  /** Takes the right to call. In a half-open circuit only one caller gets it. */
  readonly enter: (at: Date) => boolean;
  readonly succeeded: () => void;
  /** Only for no connection, no answer in time or a fault of the venue, never for a reject. */
  readonly failed: (at: Date) => void;
  readonly state: (at: Date) => CircuitState;
};

export function createCircuit(): Circuit {
  let failures = 0;
  let openUntil = 0;
  let onTrial = false;

  const state = (at: Date): CircuitState => {
    if (failures < failuresMax) return 'CLOSED';
    return at.getTime() < openUntil ? 'OPEN' : 'HALF_OPEN';
  };
  const isPassable = (at: Date): boolean => {
    const now = state(at);
    return now === 'CLOSED' || (now === 'HALF_OPEN' && !onTrial);
  };
  return {
    state,
    isPassable,
    enter(at) {
      if (!isPassable(at)) return false;
      onTrial = state(at) === 'HALF_OPEN';
      return true;
    },
    succeeded() {
      failures = 0;
      onTrial = false;
    },
    failed(at) {
      failures += 1;
      onTrial = false;
      if (failures >= failuresMax) openUntil = at.getTime() + openMs;
    },
  };
}
