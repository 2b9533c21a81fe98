import { type KeptMatch, type KeptSale, sameMatches } from '../../domain/book.ts';
import type { Lot, Match } from '../../domain/lot.ts';
import type { Replayed } from './replay.ts';

/** What has to be written so that a position is kept as a replay says. */
export type Rewritten = {
  /** New and changed lots only. */
  readonly lots: readonly Lot[];
  readonly reversed: readonly KeptMatch[];
  readonly matched: readonly Match[];
};

type Kept = { readonly lots: readonly Lot[]; readonly sales: readonly KeptSale[] };

/** Compares a replay with what is kept; a match that still holds keeps its row. */
export function rewritten(kept: Kept, { lots, matches }: Replayed): Rewritten {
  const known = new Map(kept.lots.map((lot) => [lot.id, lot]));
  const anew = new Map<string, Match[]>();
  for (const match of matches) {
    const key = `${match.orderId} ${match.executionId}`;
    anew.set(key, [...(anew.get(key) ?? []), match]);
  }
  const reversed: KeptMatch[] = [];
  for (const { sale, matches: before } of kept.sales) {
    const key = `${sale.orderId} ${sale.executionId}`;
    if (sameMatches(before, anew.get(key) ?? [])) anew.delete(key);
    else reversed.push(...before);
  }
  return {
    lots: lots.filter((lot) => !sameLot(known.get(lot.id), lot)),
    reversed,
    matched: [...anew.values()].flat(),
  };
}

function sameLot(before: Lot | undefined, after: Lot): boolean {
  if (!before) return false;
  const amounts = ['remaining', 'remainingCost', 'remainingFee', 'splitChange'] as const;
  return amounts.every((name) => before[name].equals(after[name]));
}
