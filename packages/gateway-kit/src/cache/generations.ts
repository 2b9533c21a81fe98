import { setTimeout as pause } from 'node:timers/promises';
import type { Viewer } from '@simplebank/chassis/auth';
import type { Availability } from './availability.ts';
import { clockKey, epochKey, generationKey, markLifetimeMs, writtenKey } from './store-keys.ts';

const againMs = 50;

/** Where a viewer stands in the order of changes. Looked up before anything runs. */
export type Standing = {
  /** Moved when everything kept before is left behind. */
  readonly epoch: number;
  /** How often the viewer has written: part of the key of what is kept or shared for them. */
  readonly generation: number;
  /** The viewer's own last change; only what ran after it is fresh for them. */
  readonly wroteAt: number;
};

type Generations = {
  /** Null when it cannot be known: then nothing may come from the cache. */
  readonly standingOf: (viewer: Viewer) => Promise<Standing | null>;
  /** To be awaited after a mutation has run, however it ended, and before it is answered. */
  readonly move: (viewer: Viewer) => Promise<void>;
};

/**
 * The writes of each principal, counted for all instances, so that the next read of the same
 * principal is newer than the write, whichever instance answers it.
 */
export function createGenerations(availability: Availability): Generations {
  const { attempt, noticed } = availability;

  const bump = (customerId: string) =>
    attempt(async (store) => {
      const generation = await store.increment(generationKey(customerId), markLifetimeMs);
      const at = await store.increment(clockKey, markLifetimeMs);
      // Of two writes at once the slower may end up here: then the pair differs from the count.
      await store.set(writtenKey(customerId), `${generation}:${at}`, markLifetimeMs);
      return at;
    });

  return {
    async standingOf(viewer) {
      if (viewer.kind === 'anonymous') {
        const found = await attempt((store) => store.getMany([epochKey]));
        return found && { epoch: Number(found[0] ?? 0), generation: 0, wroteAt: 0 };
      }
      const { customerId } = viewer;
      const keys = [epochKey, generationKey(customerId), writtenKey(customerId)];
      const found = await attempt((store) => store.getMany(keys));
      if (!found) return null;
      const [epoch, generation, written] = found.map((text) => text ?? null);
      return {
        epoch: Number(epoch ?? 0),
        generation: Number(generation ?? 0),
        wroteAt: wroteAt(generation ?? null, written ?? null),
      };
    },
    async move(viewer) {
      if (viewer.kind === 'anonymous') return;
      // Held back until it is said, or until every instance knows that nothing is to be believed.
      while ((await bump(viewer.customerId)) === null && !noticed()) await pause(againMs);
    },
  };
}

function wroteAt(generation: string | null, written: string | null): number {
  if (generation === null) return 0;
  const [counted, at] = (written ?? '').split(':');
  return counted === generation ? Number(at) : Number.POSITIVE_INFINITY;
}
