import { boundedMap } from '@simplebank/chassis/bounded-map';
import { PublicError } from '@simplebank/chassis/errors';
import type { Shared } from '@simplebank/chassis/shared';
import { networkOf } from './address.ts';
import { LimitExceeded } from './limit-exceeded.ts';

/** A signature costs most of a millisecond to check: an office mistypes less than this. */
const refusalsMax = 1_000;
const windowSeconds = 60;
const addressesMax = 10_000;

type StrangersOptions = {
  readonly name: string;
  readonly shared: Shared;
  readonly localShare: number;
};

export type Strangers = ReturnType<typeof createStrangers>;

/** Addresses whose tokens are refused again and again are not listened to for a while. */
export function createStrangers({ name, shared, localShare }: StrangersOptions) {
  const limit = { name: `${name}-stranger`, pointsMax: refusalsMax, windowSeconds, localShare };
  const refusals = shared.limiter(limit);
  const untilByAddress = boundedMap<string, number>(addressesMax);

  return {
    /** Asks who it is, and remembers whom nobody knew. Rejects with LimitExceeded, too. */
    async meet<T>(address: string, who: () => Promise<T>): Promise<T> {
      const key = networkOf(address);
      const waitMs = (untilByAddress.get(key) ?? 0) - performance.now();
      if (waitMs > 0) {
        throw new LimitExceeded({
          ...{ code: 'RATE_LIMITED', strategy: 'strangers', retryAfterMs: waitMs },
        });
      }
      try {
        return await who();
      } catch (error) {
        if (error instanceof PublicError && error.code === 'UNAUTHENTICATED') {
          const { allowed, resetMs } = await refusals.take(key, 1);
          if (!allowed) untilByAddress.set(key, performance.now() + resetMs);
        }
        throw error;
      }
    },
  };
}
