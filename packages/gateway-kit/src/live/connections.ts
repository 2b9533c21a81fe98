import { holdLive } from '@simplebank/chassis/metrics';
import { networkOf } from '../limits/address.ts';
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

const retryAfterMs = 5_000;

/** Counts what is held open for live updates, over either protocol, in all and by network. */
export function createConnections({ service, bounds }: ConnectionsOptions): Connections {
  const places = countedPlaces();
  const counted = countedBy(service);
  const refuse = (code: 'RATE_LIMITED' | 'OVERLOADED') =>
    counted(
      code === 'OVERLOADED'
        ? new LimitExceeded({ code, strategy: 'pressure', retryAfterMs })
        : new LimitExceeded({ code, strategy: 'concurrent', retryAfterMs }),
    );
  let count = 0;
  return {
    enter(address) {
      if (count >= bounds.connectionsMax) refuse('OVERLOADED');
      const leaveNetwork = places.enter(networkOf(address), bounds.connectionsPerAddressMax);
      if (!leaveNetwork) return refuse('RATE_LIMITED');
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
    },
  };
}

/** Places by key; no key is held longer than its places are. */
export function countedPlaces() {
  const counts = new Map<string, number>();
  return {
    /** Null when there are too many; what it answers gives the place back, and is called once. */
    enter(key: string, max: number): (() => void) | null {
      const count = counts.get(key) ?? 0;
      if (count >= max) return null;
      counts.set(key, count + 1);
      return () => {
        const left = (counts.get(key) ?? 1) - 1;
        if (left > 0) counts.set(key, left);
        else counts.delete(key);
      };
    },
  };
}
