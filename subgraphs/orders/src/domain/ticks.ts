import { Decimal, zero } from '@simplebank/kernel/decimal';

/** From this price on, prices are whole multiples of the step. */
type Tick = { readonly from: Decimal; readonly step: Decimal };
/** The steps in which an asset's prices move, lowest first; the first begins at 0 (domain §3.4). */
export type Ticks = readonly Tick[];

/** What holds for an asset without a table of its own: 0.01 from 1.00 on, 0.0001 below. */
export const defaultTicks: Ticks = [
  { from: zero, step: new Decimal('0.0001') },
  { from: new Decimal(1), step: new Decimal('0.01') },
];

const tickOf = (price: Decimal, ticks: Ticks): Tick | undefined =>
  ticks.findLast(({ from }) => price.greaterThanOrEqualTo(from));

export function isOnTick(price: Decimal, ticks: Ticks): boolean {
  const tick = tickOf(price, ticks);
  return tick !== undefined && price.mod(tick.step).isZero();
}

/** The highest price on the tick that is not above this one; zero when there is none above zero. */
export function tickBelow(price: Decimal, ticks: Ticks): Decimal {
  let highest = price;
  for (const { from, step } of ticks.toReversed()) {
    if (highest.lessThan(from)) continue;
    const candidate = highest.div(step).floor().times(step);
    if (candidate.greaterThanOrEqualTo(from)) return candidate;
    // Nothing of this step is left above its beginning: go on just below it.
    highest = from.minus(smallest);
  }
  return zero;
}

/** The lowest price on the tick that is not below this one. */
export function tickAbove(price: Decimal, ticks: Ticks): Decimal {
  let lowest = price;
  for (const [nth, { from, step }] of ticks.entries()) {
    const next = ticks[nth + 1];
    if (next && lowest.greaterThanOrEqualTo(next.from)) continue;
    const candidate = Decimal.max(lowest, from).div(step).ceil().times(step);
    if (!next || candidate.lessThan(next.from)) return candidate;
    lowest = next.from;
  }
  throw new Error('a table of ticks has no lines');
}

/** Prices are kept with 6 decimals, so nothing lies between a price and this much below it. */
const smallest = new Decimal('0.000001');
