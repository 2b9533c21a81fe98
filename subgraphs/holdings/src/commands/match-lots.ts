import { sum } from '@simplebank/kernel/decimal';
import { findLots, saveLots } from '../data/lots.ts';
import { findSalesAfter, insertMatches } from '../data/matches.ts';
import type { Deps, Tx } from '../deps.ts';
import { type KeptSale, type Rematch, rematch } from '../domain/book.ts';
import { byMoment, type Moment } from '../domain/execution.ts';
import { grouped } from '../domain/grouped.ts';
import type { Lot, Sale } from '../domain/lot.ts';
import { keyOf, type Position, type PositionKey } from '../domain/position.ts';

export type PositionNews = PositionKey & {
  readonly lots: readonly Lot[];
  readonly sales: readonly Sale[];
};
export type LotNews = {
  /** Locked. Their costs are changed to what their lots cost then. */
  readonly positions: Map<string, Position>;
  readonly news: readonly PositionNews[];
};

/** Adds lots and sales to positions and matches them anew where they came out of their order. */
export async function matchLots(tx: Tx, deps: Deps, { positions, news }: LotNews): Promise<void> {
  const sales = await findSalesAfter(
    tx,
    news.map(({ accountId, assetId, lots, sales: added }) => ({
      accountId,
      assetId,
      firstBuy: firstOf(lots),
      firstSale: firstOf(added),
    })),
  );
  const lots = await lotsFor(tx, news, sales);
  const changes = news.map((added) => {
    const key = keyOf(added);
    const book = { lots: lots.get(key) ?? [], sales: sales.get(key) ?? [] };
    const change = rematch(book, added);
    addCost(positions, key, change);
    return change;
  });
  await saveLots(
    tx,
    changes.flatMap((change) => change.lots),
  );
  await insertMatches(tx, {
    matched: changes.flatMap(({ matched }) => matched),
    reversed: changes.flatMap(({ reversed }) => reversed),
    newId: deps.newId,
    matchedAt: deps.clock.now(),
  });
}

const firstOf = (moments: readonly Moment[]): Moment | null =>
  [...moments].sort(byMoment)[0] ?? null;

/** The lots that the sales of each position may take, and those that matches to undo took. */
async function lotsFor(
  tx: Tx,
  news: readonly PositionNews[],
  earlier: ReadonlyMap<string, readonly KeptSale[]>,
): Promise<ReadonlyMap<string, Lot[]>> {
  const undone = [...earlier.values()].flat();
  const needs = news.flatMap(({ accountId, assetId, sales }) => {
    const again = earlier.get(keyOf({ accountId, assetId })) ?? [];
    const all = [...sales, ...again.map(({ sale }) => sale)];
    const quantity = sum(all.map((sale) => sale.quantity));
    return quantity.isZero() ? [] : [{ accountId, assetId, quantity }];
  });
  if (needs.length === 0) return new Map();
  const taken = undone.flatMap(({ matches }) => matches.map(({ lotId }) => lotId));
  return grouped(await findLots(tx, needs, [...new Set(taken)]), keyOf);
}

function addCost(positions: Map<string, Position>, key: string, { costAdded }: Rematch): void {
  const position = positions.get(key);
  if (!position) throw new Error(`position ${key} was not locked`);
  positions.set(key, { ...position, cost: position.cost.plus(costAdded) });
}
