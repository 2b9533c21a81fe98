const offset = 0x811c9dc5;
const prime = 0x01000193;

/**
 * A 32-bit number that depends on nothing but the words: the seeded chance of the simulated venue.
 * FNV-1a, then the mixing steps of MurmurHash3, so that neighbouring words share nothing.
 */
export function chance(...words: readonly (string | number)[]): number {
  let hash = offset;
  for (const char of words.join('\u0000')) {
    hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), prime);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** A whole number from `min` to `max`, both included. */
export const chanceBetween = (
  { min, max }: { readonly min: number; readonly max: number },
  ...words: readonly (string | number)[]
): number => min + (chance(...words) % (max - min + 1));
