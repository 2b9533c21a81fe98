import { Decimal, zero } from '@simplebank/kernel/decimal';
import { ok } from '@simplebank/kernel/result';
import { type Rate, type UnavailableReason, unavailable } from './unavailable.ts';
import { working } from './working.ts';

/** A day as a return sees it: its end value, and what came in and went out on it. */
export type ReturnDay = {
  /** Null: something that was held had no price. */
  readonly value: Decimal | null;
  readonly inflow: Decimal;
  readonly outflow: Decimal;
};

const one = working(1);
const daysPerYear = 365;

/**
 * The factor of a day: (end value + outflow) ÷ (previous end value + inflow). What comes in counts
 * from its start, what goes out until its end. Nothing at either side is 1 (domain §4.3).
 */
function factorOf(day: ReturnDay, previous: Decimal | null): Rate {
  if (day.value === null || previous === null) return unavailable('PRICE_MISSING');
  const base = day.inflow.isZero() ? previous : previous.plus(day.inflow);
  const end = day.outflow.isZero() ? day.value : day.value.plus(day.outflow);
  if (base.greaterThan(0)) return ok(working(end).div(base));
  return base.isZero() && end.isZero() ? ok(one) : unavailable('NO_BASE');
}

export type Linked = {
  /** The return from the start to the end of each day; why there is none from a day on. */
  readonly cumulative: readonly Rate[];
  readonly daily: readonly Rate[];
  readonly total: Rate;
};

/** Links the factors of days, each day starting with the end value of the one before. */
export function linkDays(start: Decimal | null, days: readonly ReturnDay[]): Linked {
  const factors: Rate[] = [];
  const cumulative: Rate[] = [];
  let product = one;
  let broken: UnavailableReason | null = null;
  let previous = start;
  for (const day of days) {
    const factor = factorOf(day, previous);
    previous = day.value;
    factors.push(factor);
    if (factor.ok) product = product.times(factor.value);
    else broken ??= factor.error;
    cumulative.push(broken ? unavailable(broken) : ok(product.minus(one)));
  }
  return {
    cumulative,
    total: cumulative.at(-1) ?? ok(zero),
    get daily() {
      return factors.map(lessOne);
    },
  };
}

const lessOne = (factor: Rate): Rate => (factor.ok ? ok(factor.value.minus(1)) : factor);

/**
 * (1 + total)^(365 ÷ n) − 1 with n calendar days, both ends counted. Shorter than a year it is
 * NO_DURATION: a few good days are no year. Who has lost more than everything is OUT_OF_RANGE.
 */
export function annualised(total: Rate, days: number): Rate {
  if (!total.ok) return total;
  if (days < daysPerYear) return unavailable('NO_DURATION');
  const growth = working(total.value).plus(1);
  if (growth.isNegative()) return unavailable('OUT_OF_RANGE');
  if (growth.isZero()) return ok(new Decimal(-1));
  return ok(growth.pow(working(daysPerYear).div(days)).minus(1));
}
