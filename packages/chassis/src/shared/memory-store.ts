import type { SharedStore } from './shared.ts';

const entriesMax = 50_000;
const charsMax = 64 * 1024 * 1024;

type Entry = { readonly value: string; readonly untilMs: number };

/** In this process, within bounds: what was used longest ago is forgotten first. */
export function createMemoryStore(now: () => number = () => performance.now()): SharedStore {
  const { peek, put, read, drop } = createShelf(now);
  return {
    getMany: async (keys) => keys.map(read),
    set: async (key, value, ttlMs) => put(key, value, ttlMs),
    async increment(key, ttlMs) {
      const next = Number(peek(key)?.value ?? 0) + 1;
      put(key, String(next), ttlMs);
      return next;
    },
    async setIfAbsent(key, value, ttlMs) {
      if (peek(key)) return false;
      put(key, value, ttlMs);
      return true;
    },
    delete: async (keys) => keys.forEach(drop),
  };
}

function createShelf(now: () => number) {
  const entries = new Map<string, Entry>();
  let chars = 0;

  const drop = (key: string) => {
    const entry = entries.get(key);
    if (!entry) return;
    entries.delete(key);
    chars -= key.length + entry.value.length;
  };
  const peek = (key: string): Entry | null => {
    const entry = entries.get(key);
    if (!entry) return null;
    if (entry.untilMs > now()) return entry;
    drop(key);
    return null;
  };
  const put = (key: string, value: string, ttlMs: number) => {
    drop(key);
    entries.set(key, { value, untilMs: now() + ttlMs });
    chars += key.length + value.length;
    for (const oldest of entries.keys()) {
      if (entries.size <= entriesMax && chars <= charsMax) return;
      drop(oldest);
    }
  };
  const read = (key: string): string | null => {
    const entry = peek(key);
    if (!entry) return null;
    entries.delete(key);
    entries.set(key, entry); // used last
    return entry.value;
  };
  return { drop, peek, put, read };
}
