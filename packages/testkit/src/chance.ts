/** Numbers from 0 up to 1, the same for the same seed (mulberry32). */
export function createChance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A new array in an order that only the chance knows. */
export function shuffled<T>(items: readonly T[], chance: () => number): T[] {
  const keyed = items.map((item) => ({ item, key: chance() }));
  return keyed.sort((a, b) => a.key - b.key).map(({ item }) => item);
}
