import { Decimal, decimalsOf } from '@simplebank/kernel/decimal';
import { priceDecimals } from '@simplebank/kernel/money';

/** From this price on orders stand on this tick, up to the next rung. */
export type Tick = { readonly from: Decimal; readonly tick: Decimal };

export const ticksMax = 20;
const priceMax = new Decimal('1e14');

/** Domain §3.4: below 1.00 the tick is 0.0001, from 1.00 on 0.01. */
export const usualTicks: readonly Tick[] = [
  { from: new Decimal(0), tick: new Decimal('0.0001') },
  { from: new Decimal(1), tick: new Decimal('0.01') },
];

/**
 * True for 1 to 20 rungs that begin at 0 and rise, with ticks above zero. Each rung begins on its
 * own tick and on the one before, so that no price between two rungs is on neither.
 */
export function areTicks(ticks: readonly Tick[]): boolean {
  if (ticks.length < 1 || ticks.length > ticksMax) return false;
  if (!ticks[0]?.from.isZero()) return false;
  return ticks.every(({ from, tick }, index) => {
    const before = ticks[index - 1];
    if (![from, tick].every(isPriceLike) || !tick.greaterThan(0)) return false;
    if (!before) return true;
    return (
      from.greaterThan(before.from) && from.mod(before.tick).isZero() && from.mod(tick).isZero()
    );
  });
}

const isPriceLike = (value: Decimal): boolean =>
  decimalsOf(value) <= priceDecimals && value.greaterThanOrEqualTo(0) && value.lessThan(priceMax);

export const areSameTicks = (one: readonly Tick[], other: readonly Tick[]): boolean =>
  one.length === other.length &&
  one.every(({ from, tick }, index) => {
    const opposite = other[index];
    return opposite !== undefined && from.equals(opposite.from) && tick.equals(opposite.tick);
  });
