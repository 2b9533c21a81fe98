import type { Lot } from '../../domain/lot.ts';
import { toParts } from '../../domain/minor-units.ts';
import { fromParts, type Split, splitParts } from './action.ts';

/** What a split did to one lot. */
export type LotChange = {
  readonly lotId: string;
  readonly before: Lot['remaining'];
  readonly after: Lot['remaining'];
};

type Cut = { readonly lot: Lot; readonly floor: bigint; readonly remainder: bigint };

/**
 * Puts the shares that are left on the new basis (domain §4.4): together floor(Σ × n ÷ d), each lot
 * floor(its × n ÷ d), and the parts left over one each to the largest remainders; equal remainders:
 * the larger lot, then the older one. What the shares cost does not change.
 */
export function splitLots(
  lots: readonly Lot[],
  ratio: Pick<Split, 'numerator' | 'denominator'>,
): { readonly lots: readonly Lot[]; readonly changes: readonly LotChange[] } {
  const open = lots.filter(({ remaining }) => !remaining.isZero());
  const cuts = open.map((lot): Cut => {
    const exact = toParts(lot.remaining) * BigInt(ratio.numerator);
    const floor = exact / BigInt(ratio.denominator);
    return { lot, floor, remainder: exact % BigInt(ratio.denominator) };
  });
  const held = open.reduce((all, { remaining }) => all + toParts(remaining), 0n);
  const given = cuts.reduce((all, { floor }) => all + floor, 0n);
  const left = splitParts(held, ratio) - given;
  const luckier = new Set(
    [...cuts]
      .sort(byClaim)
      .slice(0, Number(left))
      .map(({ lot }) => lot.id),
  );
  const after = new Map(
    cuts.map(({ lot, floor }) => [lot.id, fromParts(floor + (luckier.has(lot.id) ? 1n : 0n))]),
  );
  const changes = open.map(({ id, remaining }) => ({
    ...{ lotId: id, before: remaining, after: after.get(id) ?? remaining },
  }));
  return { lots: lots.map((lot) => changed(lot, after.get(lot.id))), changes };
}

/** Lots come oldest first and `sort` is stable: of equal claims the older lot's comes first. */
function byClaim(a: Cut, b: Cut): number {
  if (a.remainder !== b.remainder) return a.remainder > b.remainder ? -1 : 1;
  return b.lot.remaining.comparedTo(a.lot.remaining);
}

function changed(lot: Lot, after: Lot['remaining'] | undefined): Lot {
  if (!after) return lot;
  const splitChange = lot.splitChange.plus(after).minus(lot.remaining);
  return { ...lot, remaining: after, splitChange };
}
