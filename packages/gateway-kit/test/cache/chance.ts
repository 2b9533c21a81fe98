import { setImmediate as turn } from 'node:timers/promises';

export type Chance = ReturnType<typeof createChance>;

/** Choices that a seed repeats (mulberry32). */
export function createChance(seed: number) {
  let state = seed >>> 0;
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }
  const below = (max: number) => Math.floor(next() * max);
  return {
    below,
    of<T>(choices: readonly T[]): T {
      const chosen = choices[below(choices.length)];
      if (chosen === undefined) throw new Error('nothing to choose from');
      return chosen;
    },
    /** Lets others go first, for a few turns of the event loop or none. */
    async pause(turnsMax = 4): Promise<void> {
      for (let left = below(turnsMax); left > 0; left -= 1) await turn();
    },
  };
}
