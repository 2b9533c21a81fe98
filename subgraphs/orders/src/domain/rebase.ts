import { type Decimal, sum } from '@simplebank/kernel/decimal';
import type { Dossier } from './decide.ts';
import type { DayTotal } from './fees.ts';
import type { SplitMessage } from './message.ts';
import { leavesOf, type Order, priceMax, quantityMax } from './order.ts';
import {
  type Basis,
  basisOf,
  inOrder,
  leavesAfter,
  type Rebased,
  type Rebasing,
  rebasedPrice,
} from './split.ts';
import { defaultTicks } from './ticks.ts';

/** A split is told once, whatever tells it again. */
export const isTold = ({ rebased }: Dossier, { split }: SplitMessage): boolean =>
  rebased?.splits.some(({ actionId }) => actionId === split.actionId) ?? false;

/**
 * The quantity that an order has after what was traded on these days: all of it as it was traded,
 * and what is left in shares of today. Null for an order by amount.
 */
export function quantityAfter(
  order: Order,
  rebased: Rebased | null,
  days: readonly DayTotal[],
): Decimal | null {
  const placed = rebased?.origin.quantity;
  if (!rebased || !placed) return order.quantity;
  const traded = sum(days.map(({ quantity }) => quantity));
  return traded.plus(leavesAfter(placed, rebased.splits, days));
}

/**
 * What one more split does to an order. Its executions stay what they were; the rest and the prices
 * move to the new basis. What has no lawful basis there (no whole shares, no price on the tick)
 * keeps its prices and does not go on.
 */
export function rebase({ order, rebased, days }: Dossier, message: SplitMessage): Rebasing {
  const { split, fractionable } = message;
  const before = basisOf(order);
  const origin = rebased?.origin ?? before;
  const splits = inOrder([...(rebased?.splits ?? []), split]);
  const exact = quantityAfter(order, { origin, splits, goesOn: true }, days);
  const quantity = sizeOf(order, exact);
  const prices = pricesOf(order, { origin, splits, goesOn: true }, message);
  const after = { ...before, ...prices, quantity };
  const rest = leavesOf(after, order.filledQuantity);
  const isLawful = rest === null || isLawfulRest(rest, order, fractionable);
  const fits = exact === null || !(exact.isZero() || exact.greaterThan(quantityMax));
  return { split, before, after, goesOn: prices !== null && isLawful && fits };
}

/** Nothing may be left behind: neither below what was traded, nor an order for no shares. */
function sizeOf(order: Order, exact: Decimal | null): Decimal | null {
  // The venue was done with it, in whatever shares.
  if (order.status === 'FILLED') return order.quantity;
  if (exact?.lessThan(order.filledQuantity)) return order.filledQuantity;
  return exact?.isZero() ? order.quantity : exact;
}

function pricesOf(
  { side }: Order,
  { origin, splits }: Rebased,
  { ticks }: SplitMessage,
): Omit<Basis, 'quantity'> | null {
  const bounds = { ticks: ticks ?? defaultTicks, priceMax };
  const move = (price: Decimal | null) => price && rebasedPrice({ side, price }, splits, bounds);
  const [venuePrice, limitPrice, stopPrice] = [
    ...[move(origin.venuePrice), move(origin.limitPrice), move(origin.stopPrice)],
  ];
  if (!venuePrice) return null;
  if ((origin.limitPrice && !limitPrice) || (origin.stopPrice && !stopPrice)) return null;
  return { venuePrice, limitPrice: limitPrice ?? null, stopPrice: stopPrice ?? null };
}

/** Parts of a share trade within one day only, and only where the asset has them. */
const isLawfulRest = (
  rest: Decimal,
  { timeInForce }: Pick<Order, 'timeInForce'>,
  fractionable: boolean,
): boolean => rest.greaterThan(0) && (rest.isInteger() || (timeInForce === 'DAY' && fractionable));

/** Whether the order may still trade on the basis that its splits and late executions left it. */
export function mayGoOn({ order, rebased }: Dossier): boolean {
  if (!rebased) return true;
  const rest = leavesOf(order, order.filledQuantity);
  return rebased.goesOn && (rest === null || order.timeInForce === 'DAY' || rest.isInteger());
}
