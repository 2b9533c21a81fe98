import {
  type DatedAmount,
  dailyOf,
  exactSign,
  type Fixed,
  one,
  signOf,
  worthOf,
} from './discounting.ts';
import { type Bracket, refined } from './refine.ts';

/** Floats may prove that a sum is not zero, with this margin for their errors; no sign else. */
const floatMargin = 1e-11;
const narrowest = 1e-9;
/**
 * Usual searches look at some 60 parts. Flows that undo each other day by day and are a million
 * times what they leave behind would have it halve for hours; beyond so many parts it tells only
 * roots apart that are this far from each other.
 */
const looksMax = 2_000;
const narrowestThen = 1e-2;
const daysPerYear = 365;
/** 1e-30: a sum this small beside its terms is zero; it touches zero and does not pass through. */
const touch: Fixed = one / 10n ** 30n;

/**
 * The daily factor of the smallest force of interest above zero, and up to `most`, at which the
 * flows are worth nothing; null when there is none. At zero itself they must be worth something.
 */
export function firstRoot(flows: readonly DatedAmount[], most: number): Fixed | null {
  const changes = signChanges(flows);
  if (changes === 0) return null;
  const whole = { low: 0, high: most };
  if (changes === 1) return differs(flows, whole) ? refined(flows, whole) : null;
  const terms = flows.map(({ days, amount }) => ({
    years: days / daysPerYear,
    amount: Number(amount),
  }));
  return search({ flows, terms, looks: { left: looksMax } }, whole);
}

/** How often the running sums change sign: there are no more roots above zero (Norstrøm 1972). */
function signChanges(flows: readonly DatedAmount[]): number {
  let [changes, before] = [0, 0];
  let total = 0n;
  for (const { amount } of flows) {
    total += amount;
    const sign = signOf(total);
    if (sign !== 0 && before !== 0 && sign !== before) changes += 1;
    if (sign !== 0) before = sign;
  }
  return changes;
}

const differs = (flows: readonly DatedAmount[], { low, high }: Bracket): boolean =>
  exactSign(flows, low) !== exactSign(flows, high);

type Term = { readonly years: number; readonly amount: number };
type Sought = {
  readonly flows: readonly DatedAmount[];
  readonly terms: readonly Term[];
  readonly looks: { left: number };
};

/** Halves what it cannot decide until it is proven of each part that it holds one root or none. */
function search(sought: Sought, between: Bracket): Fixed | null {
  const { flows, terms, looks } = sought;
  const { low, high } = between;
  looks.left -= 1;
  const slope = slopeBounds(terms, between);
  if (slope.least > 0 || slope.most < 0) {
    return differs(flows, between) ? refined(flows, between) : null;
  }
  if (staysAway(sought, between, slope)) return null;
  if (high - low < (looks.left > 0 ? narrowest : narrowestThen)) return inNarrow(flows, between);
  const middle = (low + high) / 2;
  return search(sought, { low, high: middle }) ?? search(sought, { low: middle, high });
}

type Bounds = { readonly least: number; readonly most: number };

/**
 * Where the slope of Σ amount × e^(−force × years) lies: each of its terms falls with the force, so
 * its ends bound it. Widened by far more than floats can err.
 */
function slopeBounds(terms: readonly Term[], { low, high }: Bracket): Bounds {
  let [least, most, size] = [0, 0, 0];
  for (const { years, amount } of terms) {
    const atLow = -amount * years * Math.exp(-low * years);
    const atHigh = -amount * years * Math.exp(-high * years);
    least += Math.min(atLow, atHigh);
    most += Math.max(atLow, atHigh);
    size += Math.abs(atLow);
  }
  return { least: least - size * floatMargin, most: most + size * floatMargin };
}

/** The sum in the middle is further from zero than its slope can carry it to either end. */
function staysAway({ flows, terms }: Sought, { low, high }: Bracket, { least, most }: Bounds) {
  const middle = (low + high) / 2;
  let [value, size] = [0, 0];
  for (const { years, amount } of terms) {
    const term = amount * Math.exp(-middle * years);
    value += term;
    size += Math.abs(term);
  }
  const reach = (Math.max(-least, most) * (high - low)) / 2;
  if (Math.abs(value) > reach + size * floatMargin) return true;
  // Where terms undo each other floats see nothing, and what is there is small, but not zero.
  const isBlind = reach < size * floatMargin;
  return isBlind && Math.abs(exactWorth(flows, middle)) > reach * (1 + floatMargin);
}

const exactWorth = (flows: readonly DatedAmount[], force: number): number =>
  Number(worthOf(flows, dailyOf(force))) / Number(one);

/** Where the slope turns within a width that no rate can see, the sum passes or touches zero. */
function inNarrow(flows: readonly DatedAmount[], between: Bracket): Fixed | null {
  if (differs(flows, between)) return refined(flows, between);
  const slopes = flows
    .filter(({ days }) => days > 0)
    .map(({ days, amount }) => ({ days, amount: amount * BigInt(days) }));
  if (!differs(slopes, between)) return null;
  const turn = refined(slopes, between);
  const size = flows.reduce((all, { amount }) => all + absolute(amount), 0n);
  const value = worthOf(flows, turn);
  const isCrossed = signOf(value) !== exactSign(flows, between.low);
  return isCrossed || absolute(value) <= size * touch ? turn : null;
}

const absolute = (value: bigint): bigint => (value < 0n ? -value : value);
