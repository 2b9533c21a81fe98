import type { Logger } from '@simplebank/chassis/logging';
import type { Signals } from '@simplebank/chassis/shared';
import { eventsTopic } from '@simplebank/contracts/entities';
import { z } from 'zod';

const announcement = z.object({
  events: z.array(z.object({ entities: z.array(z.string()) })),
});

export type Wakes = {
  readonly start: () => Promise<void>;
  /** Calls back when something is told of one of these entities, such as `Account:<id>`. */
  readonly on: (entities: readonly string[], wake: () => void) => () => void;
  readonly close: () => Promise<void>;
};

/** Hears what the relays of all contexts announce, and wakes whoever waits for it here. */
export function createWakes(signals: Signals, log: Logger): Wakes {
  const waiting = new Map<string, Set<() => void>>();
  let stop: (() => Promise<void>) | null = null;

  function hear(text: string): void {
    const read = announcement.safeParse(parsed(text));
    if (!read.success) {
      log.warn({ error: read.error }, 'an announcement of events could not be read');
      return;
    }
    const entities = new Set(read.data.events.flatMap((event) => event.entities));
    const woken = new Set([...entities].flatMap((entity) => [...(waiting.get(entity) ?? [])]));
    for (const wake of woken) wake();
  }

  return {
    async start() {
      stop = await signals.subscribe(eventsTopic, hear);
    },
    on(entities, wake) {
      for (const entity of entities) {
        const here = waiting.get(entity) ?? new Set();
        waiting.set(entity, here.add(wake));
      }
      return () => {
        for (const entity of entities) {
          const here = waiting.get(entity);
          here?.delete(wake);
          if (here?.size === 0) waiting.delete(entity);
        }
      };
    },
    async close() {
      await stop?.();
      stop = null;
      waiting.clear();
    },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
