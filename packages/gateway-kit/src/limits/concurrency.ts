import { LimitExceeded } from './limit-exceeded.ts';

const usualRetryAfterMs = 1_000;

/**
 * Counts what each caller has running in this instance. Holds no key longer than its requests run.
 * `enter` answers what ends the stay, once, and throws LimitExceeded RATE_LIMITED.
 */
export function createConcurrency(retryAfterMs = usualRetryAfterMs) {
  const running = new Map<string, number>();

  const leave = (key: string) => {
    const left = (running.get(key) ?? 1) - 1;
    if (left > 0) running.set(key, left);
    else running.delete(key);
  };
  return {
    enter(key: string, max: number): () => void {
      const now = running.get(key) ?? 0;
      if (now >= max) {
        throw new LimitExceeded({ code: 'RATE_LIMITED', strategy: 'concurrent', retryAfterMs });
      }
      running.set(key, now + 1);
      return () => leave(key);
    },
  };
}
