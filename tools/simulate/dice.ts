import { createChance } from '@simplebank/testkit/chance';

/** Everything that a run leaves to chance comes from here. */
export type Dice = {
  /** From 0 up to 1. */
  readonly chance: () => number;
  readonly flip: (likelihood: number) => boolean;
  /** A whole number, both ends included. */
  readonly between: (min: number, max: number) => number;
  readonly pick: <T>(items: readonly T[]) => T;
  /** By weight; those with none are never taken. */
  readonly weighted: <T>(items: readonly (readonly [T, number])[]) => T;
};

/** `purpose` keeps the dice of one part from moving those of another. */
export function createDice(seed: number, purpose: string): Dice {
  let salt = 0;
  for (const letter of purpose) salt = Math.imul(salt ^ letter.charCodeAt(0), 0x01000193);
  const chance = createChance(Math.imul(seed, 0x9e3779b1) ^ salt);
  const between = (min: number, max: number) => min + Math.floor(chance() * (max - min + 1));
  const pick = <T>(items: readonly T[]): T => {
    const item = items[between(0, items.length - 1)];
    if (item === undefined) throw new Error('there is nothing to pick from');
    return item;
  };
  return {
    chance,
    flip: (likelihood) => chance() < likelihood,
    between,
    pick,
    weighted(items) {
      const total = items.reduce((sum, [, weight]) => sum + weight, 0);
      let left = chance() * total;
      for (const [item, weight] of items) {
        left -= weight;
        if (left < 0) return item;
      }
      return pick(items)[0];
    },
  };
}
