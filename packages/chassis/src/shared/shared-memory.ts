import type { Logger } from '../process/logging.ts';
import { createMemoryLimiter } from './limiter.ts';
import { createListeners } from './listeners.ts';
import { createMemoryStore } from './memory-store.ts';
import type { Shared } from './shared.ts';

/** For one process, which then shares with nobody: the whole bank in one, and tests. */
export function createMemoryShared({ log }: { readonly log: Logger }): Shared {
  const listeners = createListeners(log);
  return {
    store: createMemoryStore(),
    signals: {
      // As from Redis, nobody hears before the caller goes on.
      publish: async (topic, text) => {
        queueMicrotask(() => listeners.tell(topic, text));
      },
      subscribe: async (topic, listener) => {
        const own = (text: string) => listener(text);
        listeners.add(topic, own);
        return async () => {
          listeners.remove(topic, own);
        };
      },
    },
    limiter: createMemoryLimiter,
    close: async () => {},
  };
}
