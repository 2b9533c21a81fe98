import { holdLive } from '@simplebank/chassis/metrics';
import { networkOf } from '../limits/address.ts';
import { createConcurrency } from '../limits/concurrency.ts';
import { LimitExceeded } from '../limits/limit-exceeded.ts';
import { countedBy } from '../limits/limits.ts';
import type { LiveBounds } from './bounds.ts';

export type Connections = {
  /** Throws LimitExceeded when there are too many; what it answers gives the place back. */
  readonly enter: (address: string) => () => void;
};

type ConnectionsOptions = {
  readonly service: string;
  readonly bounds: Pick<LiveBounds, 'connectionsMax' | 'connectionsPerAddressMax'>;
};

/** Of whatever is live: it is held for long, so there is no hurry. */
export const retryAfterMs = 5_000;

/** Counts what is held open for live updates, over either protocol, in all and by network. */
export function createConnections({ service, bounds }: ConnectionsOptions): Connections {
  const networks = createConcurrency(retryAfterMs);
  const counted = countedBy(service);
  let count = 0;

  function enter(address: string): () => void {
    if (count >= bounds.connectionsMax) {
      throw new LimitExceeded({ code: 'OVERLOADED', strategy: 'pressure', retryAfterMs });
    }
    const leaveNetwork = networks.enter(networkOf(address), bounds.connectionsPerAddressMax);
    const release = holdLive({ service, what: 'connection' });
    count += 1;
    let left = false;
    return () => {
      if (left) return;
      left = true;
      count -= 1;
      leaveNetwork();
      release();
    };
  }
  return {
    enter(address) {
      try {
        return enter(address);
      } catch (error) {
        return counted(error);
      }
    },
  };
}
