/** One claimant of a whole; `key` decides ties in code-point order. */
export type Share = { readonly key: string; readonly weight: bigint };

type Cut = { readonly index: number; readonly share: Share; readonly remainder: bigint };

/**
 * Cuts `total` minor units by weight so that nothing is lost (largest remainder, domain §6.2).
 * Each part starts at floor(total × weight ÷ Σ weights); the units left go one each to the largest
 * remainders; equal remainders: larger weight, then key. Parts come back in the order of `shares`.
 * Throws on a negative total or weight, and on a positive total without any weight.
 */
export function allocate(total: bigint, shares: readonly Share[]): bigint[] {
  const weights = shares.reduce((all, { weight }) => all + weight, 0n);
  if (total < 0n || shares.some(({ weight }) => weight < 0n)) {
    throw new RangeError('allocate: total and weights must not be negative');
  }
  if (weights === 0n) {
    if (total > 0n) throw new RangeError('allocate: nobody to give the total to');
    return shares.map(() => 0n);
  }
  const parts = shares.map(({ weight }) => (total * weight) / weights);
  const left = total - parts.reduce((all, part) => all + part, 0n);
  const cuts = shares.map((share, index) => ({
    index,
    share,
    remainder: (total * share.weight) % weights,
  }));
  for (const { index } of cuts.sort(byClaim).slice(0, Number(left))) {
    parts[index] = (parts[index] ?? 0n) + 1n;
  }
  return parts;
}

function byClaim(a: Cut, b: Cut): number {
  if (a.remainder !== b.remainder) return a.remainder > b.remainder ? -1 : 1;
  if (a.share.weight !== b.share.weight) return a.share.weight > b.share.weight ? -1 : 1;
  return compareCodePoints(a.share.key, b.share.key);
}

/** `<` compares UTF-16 units, which puts U+10000 and above before U+E000 to U+FFFF. */
function compareCodePoints(a: string, b: string): number {
  const [left, right] = [Array.from(a), Array.from(b)];
  const at = left.findIndex((character, index) => character !== right[index]);
  if (at === -1) return left.length - right.length;
  return (left[at]?.codePointAt(0) ?? 0) - (right[at]?.codePointAt(0) ?? -1);
}
