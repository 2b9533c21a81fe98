import { LimitExceeded } from '../limits/limit-exceeded.ts';

export type Connections = {
  /** Throws LimitExceeded when there are too many; what it answers gives the place back. */
  readonly enter: () => () => void;
};

const retryAfterMs = 5_000;

/** Counts what is held open for live updates, over either protocol. */
export function createConnections(max: number): Connections {
  let count = 0;
  return {
    enter() {
      if (count >= max) {
        throw new LimitExceeded({ code: 'OVERLOADED', strategy: 'pressure', retryAfterMs });
      }
      count += 1;
      let left = false;
      return () => {
        if (!left) count -= 1;
        left = true;
      };
    },
  };
}
