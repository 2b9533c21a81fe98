import { setTimeout as pause } from 'node:timers/promises';
import type { Troubles } from '../queues/queue-troubles.ts';

export type Bell = {
  ring(): void;
  /** Resolves at the next ring, at once if it rang since the last wait, or after the time. */
  rung(milliseconds: number): Promise<void>;
};

export function createBell(): Bell {
  let rang = false;
  let wakeUp = () => {};
  const nextRing = (milliseconds: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  return {
    ring: () => {
      rang = true;
      wakeUp();
    },
    rung: async (milliseconds) => {
      if (!rang) await nextRing(milliseconds);
      rang = false;
    },
  };
}

/** Runs calls one after another, so that a drain never waits for a round of its own relay. */
export function oneAtATime<T>(work: () => Promise<T>): () => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return () => {
    const next = last.then(work, work);
    last = next;
    return next;
  };
}

const firstBackoffMs = 100;
const backoffMsMax = 10_000;

/** Runs a step over and over until aborted; after failures with pauses that grow. */
export async function keepGoing(
  step: () => Promise<void>,
  { until, troubles }: { readonly until: AbortSignal; readonly troubles: Troubles },
): Promise<void> {
  let backoffMs = firstBackoffMs;
  while (!until.aborted) {
    try {
      // One after the other, because each begins with what the one before left.
      await step();
      backoffMs = firstBackoffMs;
      troubles.over();
    } catch (error) {
      troubles.seen(error);
      const waitMs = backoffMs * (0.5 + Math.random() / 2);
      await pause(waitMs, undefined, { signal: until }).catch(() => {}); // aborted: it ends
      backoffMs = Math.min(backoffMs * 2, backoffMsMax);
    }
  }
}
