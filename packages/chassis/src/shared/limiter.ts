import type { RateLimiterRedis } from 'rate-limiter-flexible';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

export type LimiterOptions = {
  /** Keeps the counters of different limits apart: letters, digits, `_`, `-`. */
  readonly name: string;
  readonly pointsMax: number;
  readonly windowSeconds: number;
  /** The part of the limit that one instance grants while Redis is away; 1 unless told. */
  readonly localShare?: number;
};

/** Where a caller stands after it took points. */
export type Taken = {
  readonly allowed: boolean;
  readonly limit: number;
  readonly remaining: number;
  /** Until the whole limit is there again. */
  readonly resetMs: number;
};

/** A limit that all instances share; neither method rejects, whatever becomes of Redis. */
export type Limiter = {
  /** Points count even when they are refused; the window does not grow by that. */
  take(key: string, points: number): Promise<Taken>;
  /** Takes back points that were not needed. */
  give(key: string, points: number): Promise<void>;
};

/** Keys beyond this forget the one seen longest ago, whose window then starts anew. */
const memoryKeysMax = 50_000;

type Counter = Pick<RateLimiterRedis, 'consume' | 'reward'>;

/** Counts in this process alone, within a bounded number of keys. */
export function createMemoryLimiter(options: LimiterOptions): Limiter {
  const { name, pointsMax, windowSeconds } = options;
  const counter = new RateLimiterMemory({
    keyPrefix: name,
    points: pointsMax,
    duration: windowSeconds,
  });
  const seen = new Set<string>();

  const remember = (key: string) => {
    seen.delete(key);
    seen.add(key);
    if (seen.size <= memoryKeysMax) return;
    const [oldest] = seen;
    if (oldest === undefined) return;
    seen.delete(oldest);
    void counter.delete(oldest);
  };
  return {
    take(key, points) {
      remember(key);
      return takeFrom(counter, options, { key, points });
    },
    async give(key, points) {
      if (seen.has(key)) await counter.reward(key, points);
    },
  };
}

type Wish = { readonly key: string; readonly points: number };

/** Rejects only when the counter itself cannot be reached. */
async function takeFrom(counter: Counter, { pointsMax }: LimiterOptions, { key, points }: Wish) {
  try {
    return standing(await counter.consume(key, points), { pointsMax, allowed: true });
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    return standing(refusal, { pointsMax, allowed: false });
  }
}

type Verdict = { readonly pointsMax: number; readonly allowed: boolean };

const standing = (result: RateLimiterRes, { pointsMax, allowed }: Verdict): Taken => ({
  allowed,
  limit: pointsMax,
  remaining: Math.max(0, result.remainingPoints),
  resetMs: Math.max(0, result.msBeforeNext),
});

/** Runs one command; rejects within bounded time, and at once while Redis is away. */
export type Reach = <T>(command: () => Promise<T>) => Promise<T>;

/** Counts in Redis for all instances, and a local share of it while Redis is away. */
export function createRedisLimiter(
  counter: Counter,
  options: LimiterOptions,
  reach: Reach,
): Limiter {
  const { pointsMax, localShare = 1 } = options;
  const share = { ...options, pointsMax: Math.max(1, Math.floor(pointsMax * localShare)) };
  const local = createMemoryLimiter(share);
  return {
    take: (key, points) =>
      reach(() => takeFrom(counter, options, { key, points })).catch(() => local.take(key, points)),
    give: (key, points) =>
      reach(async () => void (await counter.reward(key, points))).catch(() =>
        local.give(key, points),
      ),
  };
}
