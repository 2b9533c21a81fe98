import { type Decimal, sum } from '@simplebank/kernel/decimal';
import { truncateQuantity } from '@simplebank/kernel/money';
import type { DayTotal } from './fees.ts';
import type { Terms } from './order.ts';
import { type Ticks, tickAbove, tickBelow } from './ticks.ts';

/** New shares (`numerator`) for old ones from the ex-date on (domain §4.4). */
export type Split = {
  readonly actionId: string;
  readonly exDate: string;
  readonly numerator: number;
  readonly denominator: number;
};

/** The terms of an order that a split changes. */
export type Basis = Pick<Terms, 'quantity' | 'limitPrice' | 'stopPrice' | 'venuePrice'>;

export const basisOf = ({ quantity, limitPrice, stopPrice, venuePrice }: Terms): Basis => ({
  ...{ quantity, limitPrice, stopPrice, venuePrice },
});

/** What a split did to an order, as its history keeps it. */
export type Rebasing = {
  readonly split: Split;
  readonly before: Basis;
  readonly after: Basis;
  /** False: there is no lawful order on the new basis, so the rest is canceled. */
  readonly goesOn: boolean;
};

/** All that splits did to an order so far. */
export type Rebased = {
  /** As it was placed. */
  readonly origin: Basis;
  /** By ex-date. */
  readonly splits: readonly Split[];
  readonly goesOn: boolean;
};

/** In one order, whichever is told first. */
export const inOrder = (splits: readonly Split[]): readonly Split[] =>
  splits.toSorted((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));

const placeOf = ({ exDate, actionId }: Split): string => `${exDate} ${actionId}`;

/**
 * What is left of an order of `quantity` shares as it was placed, in shares of today: each
 * execution takes shares of its trade date, so one from before an ex-date takes old ones, whenever
 * it is told.
 * Exact, then toward minus infinity at 9 decimals; below zero when more was traded than there was.
 * It depends on what was traded when and on nothing else, so messages may come in any order.
 */
export function leavesAfter(
  quantity: Decimal,
  splits: readonly Split[],
  days: readonly DayTotal[],
): Decimal {
  // In parts of the product of all denominators, so that a third stays a third.
  const worth = (shares: Decimal, done: number): Decimal =>
    splits.reduce(
      (total, { numerator, denominator }, nth) => total.times(nth < done ? denominator : numerator),
      shares,
    );
  const traded = sum(
    days.map((day) => worth(day.quantity, splits.filter((one) => !isBefore(day, one)).length)),
  );
  const left = worth(quantity, 0).minus(traded);
  const exact = splits.reduce((total, { denominator }) => total.div(denominator), left);
  const whole = truncateQuantity(exact);
  return whole.greaterThan(exact) ? whole.minus(smallestQuantity) : whole;
}

const smallestQuantity = '0.000000001';

/** Traded in old shares: its trade date lies before the ex-date. */
const isBefore = ({ tradeDate }: DayTotal, { exDate }: Split): boolean => tradeDate < exDate;

/** Far below what the columns hold; the same bound as for a price that a customer names. */
type Bounds = { readonly ticks: Ticks; readonly priceMax: Decimal };

/**
 * A price × old shares ÷ new shares, split after split, each time to the tick in the customer's
 * favour: down for a buy, up for a sale (domain §4.4). Null when there is no such price.
 */
export function rebasedPrice(
  { side, price }: { readonly side: Terms['side']; readonly price: Decimal },
  splits: readonly Split[],
  { ticks, priceMax }: Bounds,
): Decimal | null {
  let rebased = price;
  for (const { numerator, denominator } of splits) {
    const exact = rebased.times(denominator).div(numerator);
    rebased = side === 'BUY' ? tickBelow(exact, ticks) : tickAbove(exact, ticks);
    if (rebased.isZero() || rebased.greaterThan(priceMax)) return null;
  }
  return rebased;
}
