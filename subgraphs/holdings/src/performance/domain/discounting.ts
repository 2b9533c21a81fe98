import { Decimal } from '@simplebank/kernel/decimal';
import { working } from './working.ts';

/**
 * Money that flows so many days after the first flow; days ascend, amounts are not zero. Amounts
 * are whole parts of money: how large a part is changes no rate.
 */
export type DatedAmount = { readonly days: number; readonly amount: bigint };

/**
 * What money of one day later is worth, 1 at most, and all that is reckoned with it: whole parts of
 * 2^-192. So a step errs by 1e-57 of what flows first, at a tenth of the cost of decimals.
 */
export type Fixed = bigint;

const bits = 192n;
export const one: Fixed = 1n << bits;
const doubleBits = 53n;
const daysPerYear = 365;

const times = (a: Fixed, b: Fixed): Fixed => (a * b) >> bits;

/** Σ amount × daily^days: by Horner from the last flow to the first, with whole powers only. */
export const worthOf = (flows: readonly DatedAmount[], daily: Fixed): Fixed =>
  horner(flows, daily, ({ amount }) => amount);

/** The worth of the flows, and `daily` times its derivative by `daily`. */
export const discounted = (flows: readonly DatedAmount[], daily: Fixed) => ({
  value: worthOf(flows, daily),
  slope: horner(flows, daily, ({ days, amount }) => amount * BigInt(days)),
});

function horner(
  flows: readonly DatedAmount[],
  daily: Fixed,
  weight: (flow: DatedAmount) => bigint,
): Fixed {
  const power = powersOf(daily);
  let value = 0n;
  for (let index = flows.length - 1; index >= 0; index -= 1) {
    const flow = flows[index];
    if (!flow) break;
    value += weight(flow) << bits;
    const gap = flow.days - (flows[index - 1]?.days ?? flow.days);
    if (gap > 0) value = times(value, power(gap));
  }
  return value;
}

function powersOf(base: Fixed): (exponent: number) => Fixed {
  const known = new Map<number, Fixed>([
    [0, one],
    [1, base],
  ]);
  const power = (exponent: number): Fixed => {
    const found = known.get(exponent);
    if (found !== undefined) return found;
    const half = power(Math.floor(exponent / 2));
    const made = times(times(half, half), exponent % 2 === 0 ? one : base);
    known.set(exponent, made);
    return made;
  };
  return power;
}

/** The daily factor nearest to a force of interest of `force` a year, which is not negative. */
export function dailyOf(force: number): Fixed {
  const factor = Math.exp(-force / daysPerYear) * 2 ** Number(doubleBits);
  return BigInt(Math.round(factor)) << (bits - doubleBits);
}

/** As a number with 40 digits. */
export const dailyFactor = (daily: Fixed): Decimal =>
  working(new Decimal(daily.toString())).div(one.toString());

export const signOf = (value: bigint): number => Number(value > 0n) - Number(value < 0n);

/** −1, 0 or 1, decided without floats. */
export const exactSign = (flows: readonly DatedAmount[], force: number): number =>
  signOf(worthOf(flows, dailyOf(force)));

/**
 * The same flows seen from the last day backwards. Rates below zero are to these what rates above
 * zero are to the others, so that one search from zero upwards serves both.
 */
export function reversed(flows: readonly DatedAmount[]): DatedAmount[] {
  const last = flows.at(-1)?.days ?? 0;
  return flows.map(({ days, amount }) => ({ days: last - days, amount })).reverse();
}
