import { NotYet } from './consumer.ts';
import { boundedError, type Parking } from './parked.ts';

/** How long to wait before the next attempt; each pause is jittered. */
export type RetryPauses = { readonly failedMs: number; readonly notYetMs: number };
/** Doubled after each failure: eight attempts take half a minute (OPS-38). */
export const defaultPauses: RetryPauses = { failedMs: 250, notYetMs: 50 };

/** An event is tried this often, the first time included, before it is a dead letter. */
const attemptsMax = 8;
const notYetPauseMsMax = 5_000;
/** An event waits this long for its fact, using up no attempts: nothing is wrong with it yet. */
const notYetMsMax = 15 * 60_000;

export type Tried = {
  readonly attempts: number;
  /** How long it has been its turn. */
  readonly waitedMs: number;
  readonly pauses: RetryPauses;
};

/** What follows from a failed attempt: when it is tried again, or that it is dead. */
export function nextAttempt(error: unknown, { attempts, waitedMs, pauses }: Tried): Parking {
  const jitter = 0.75 + Math.random() / 2;
  const text = boundedError(error);
  if (error instanceof NotYet) {
    const state = waitedMs > notYetMsMax ? 'DEAD' : 'WAITING';
    const pauseMs = Math.min(Math.max(pauses.notYetMs, waitedMs / 2), notYetPauseMsMax) * jitter;
    return { state, attempts, pauseMs, error: text };
  }
  const tried = attempts + 1;
  const state = tried < attemptsMax ? 'WAITING' : 'DEAD';
  return { state, attempts: tried, pauseMs: pauses.failedMs * 2 ** attempts * jitter, error: text };
}
