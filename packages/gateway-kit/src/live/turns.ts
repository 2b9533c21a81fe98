import type { LiveBounds } from './bounds.ts';
import { restlessMs } from './bounds.ts';

export type Turns = {
  /** Resolves when it is time to read again; at once when something woke it meanwhile. */
  readonly next: (readSomething: boolean) => Promise<void>;
  /** Resolves after so long, whatever wakes it, or when the stream ends. */
  readonly pause: (ms: number) => Promise<void>;
  readonly wake: () => void;
};

/**
 * When a stream reads again: when it is woken, however often, once; a few times soon after that;
 * and every `pollEveryMs`. Ends each wait when the signal aborts.
 */
export function createTurns({ pollEveryMs }: LiveBounds, signal: AbortSignal): Turns {
  let woken = false;
  let calm: number = restlessMs.length;
  let resume: (() => void) | null = null;

  function wait(ms: number, wakes: boolean): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', end);
        resume = null;
        resolve();
      };
      const timer = setTimeout(end, ms);
      signal.addEventListener('abort', end);
      if (wakes) resume = end;
    });
  }

  return {
    async next(readSomething) {
      if (readSomething) calm = 0;
      if (!woken) {
        const ms = restlessMs[calm] ?? pollEveryMs;
        calm += 1;
        await wait(ms, true);
      }
      if (woken) calm = 0;
      woken = false;
    },
    pause: (ms) => wait(ms, false),
    wake() {
      woken = true;
      resume?.();
    },
  };
}
