import type { Logger } from '@simplebank/chassis/logging';
import type { SharedStore } from '@simplebank/chassis/shared';
import { SharedUnavailable } from '@simplebank/chassis/shared';
import { epochKey, markLifetimeMs } from './store-keys.ts';

/** So that an instance without traffic also learns that the store was away. */
const beatMs = 400;
/**
 * After the store has come back an instance waits this long, within which every other one has also
 * reached it again and has moved the epoch for what it could not say.
 */
const settleMs = 4_000;
/** A store that is away this long has been missed by every instance at least once. */
const noticedMs = 1_000;

export type Availability = {
  /** False while the store is away or was a moment ago: then nothing is kept, nothing is shared. */
  readonly usable: () => boolean;
  /** Runs a command on the store; null, and no cache for a while, when it cannot be reached. */
  readonly attempt: <T>(command: (store: SharedStore) => Promise<T>) => Promise<T | null>;
  /** True once every instance must have seen that the store is away. */
  readonly noticed: () => boolean;
  readonly start: () => void;
  readonly close: () => void;
};

type Options = {
  readonly store: SharedStore;
  readonly log: Logger;
  readonly now: () => number;
};

/**
 * Whether the shared store may be believed. Whoever could not reach it may have failed to say that
 * something changed: before the cache is used again the epoch is moved, which leaves behind every
 * answer that was kept until then.
 */
export function createAvailability({ store, log, now }: Options): Availability {
  const standing = createStanding({ log, now });
  let timer: NodeJS.Timeout | undefined;

  async function attempt<T>(command: (store: SharedStore) => Promise<T>): Promise<T | null> {
    try {
      return await command(store);
    } catch (error) {
      if (!(error instanceof SharedUnavailable)) throw error;
      standing.lost(error);
      return null;
    }
  }

  async function beat(): Promise<void> {
    if (!standing.isAway()) {
      await attempt((reached) => reached.getMany([epochKey]));
      return;
    }
    const before = standing.losses();
    const moved = await attempt((reached) => reached.increment(epochKey, markLifetimeMs));
    // What could not be said meanwhile may be newer than this move: then the next beat moves again.
    if (moved !== null && standing.losses() === before) standing.back();
  }

  return {
    usable: standing.usable,
    attempt,
    noticed: standing.noticed,
    start() {
      timer = setInterval(() => {
        beat().catch((error: unknown) => log.error({ error }, 'the shared store gave no answer'));
      }, beatMs);
      timer.unref();
    },
    close: () => clearInterval(timer),
  };
}

function createStanding({ log, now }: Omit<Options, 'store'>) {
  let awaySinceMs: number | null = null;
  let usableAtMs = Number.NEGATIVE_INFINITY;
  let losses = 0;
  return {
    losses: () => losses,
    isAway: () => awaySinceMs !== null,
    usable: () => awaySinceMs === null && now() >= usableAtMs,
    noticed: () => awaySinceMs !== null && now() - awaySinceMs >= noticedMs,
    lost(error: SharedUnavailable): void {
      losses += 1;
      if (awaySinceMs !== null) return;
      awaySinceMs = now();
      log.warn({ error }, 'answers are not kept while the shared store is away');
    },
    back(): void {
      awaySinceMs = null;
      usableAtMs = now() + settleMs;
      log.info({}, 'the shared store is back');
    },
  };
}
