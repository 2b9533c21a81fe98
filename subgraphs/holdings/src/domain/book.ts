import { type Decimal, zero } from '@simplebank/kernel/decimal';
import { byMoment } from './execution.ts';
import { type Lot, type Match, restored, type Sale, sellFifo } from './lot.ts';

/** A match as it is kept; its id names it when it has to be reversed. */
export type KeptMatch = Match & { readonly id: string };
export type KeptSale = { readonly sale: Sale; readonly matches: readonly KeptMatch[] };

/** The lots of one position, and those of its sales that a change may touch. */
export type Book = { readonly lots: readonly Lot[]; readonly sales: readonly KeptSale[] };
export type News = { readonly lots: readonly Lot[]; readonly sales: readonly Sale[] };

export type Rematch = {
  /** New and changed lots only. */
  readonly lots: readonly Lot[];
  /** Earlier matches that hold no longer. */
  readonly reversed: readonly KeptMatch[];
  readonly matched: readonly Match[];
  /** What the remaining cost of the position grew by. */
  readonly costAdded: Decimal;
};

/**
 * Adds lots and sales to a book so that it is the same in whatever order they came: sales take the
 * oldest lots in the order of their executions (domain §13 law 6). So a buy or a sale that is
 * delivered after later ones undoes and repeats those later sales. `book.sales` must hold every
 * sale from the first that is affected; nothing is undone when executions come in their order.
 */
export function rematch(book: Book, news: News): Rematch {
  const before = new Map(book.lots.map((lot) => [lot.id, lot]));
  const undone = undo(book);
  const earlier = new Map(book.sales.map((kept) => [momentKey(kept.sale), kept]));
  const sales = [...book.sales.map(({ sale }) => sale), ...news.sales].sort(byMoment);

  let lots: readonly Lot[] = [...undone, ...news.lots].sort(byMoment);
  const reversed: KeptMatch[] = [];
  const matched: Match[] = [];
  for (const sale of sales) {
    const sold = sellFifo(lots, sale);
    lots = sold.lots;
    const kept = earlier.get(momentKey(sale))?.matches ?? [];
    if (sameMatches(kept, sold.matches)) continue;
    reversed.push(...kept);
    matched.push(...sold.matches);
  }
  const changed = lots.filter((lot) => !sameRest(before.get(lot.id), lot));
  const cost = (list: readonly Lot[]) =>
    list.reduce((all, lot) => all.plus(lot.remainingCost), zero);
  const costAdded = cost(lots).minus(cost(book.lots));
  return { lots: changed, reversed, matched, costAdded };
}

/** The lots as they were before the first of the book's sales. */
function undo({ lots, sales }: Book): readonly Lot[] {
  const byId = new Map(lots.map((lot) => [lot.id, lot]));
  for (const match of sales.flatMap(({ matches }) => matches)) {
    const lot = byId.get(match.lotId);
    if (!lot) throw new Error(`match ${match.id} is of lot ${match.lotId}, which was not loaded`);
    byId.set(lot.id, restored(lot, match));
  }
  return [...byId.values()];
}

const momentKey = ({ orderId, executionId }: Sale): string => `${orderId} ${executionId}`;

function sameRest(before: Lot | undefined, after: Lot): boolean {
  if (!before) return false;
  return (
    before.remaining.equals(after.remaining) &&
    before.remainingCost.equals(after.remainingCost) &&
    before.remainingFee.equals(after.remainingFee)
  );
}

const amounts = ['quantity', 'cost', 'buyFee', 'proceeds', 'saleFee'] as const;

/** True when a sale takes what it took, of the same lots. */
export function sameMatches(kept: readonly Match[], anew: readonly Match[]): boolean {
  const byLot = new Map(kept.map((match) => [match.lotId, match]));
  return (
    kept.length === anew.length &&
    anew.every((match) => {
      const known = byLot.get(match.lotId);
      return known && amounts.every((name) => known[name].equals(match[name]));
    })
  );
}
