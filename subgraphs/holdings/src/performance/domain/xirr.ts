import { Decimal, decimalsOf } from '@simplebank/kernel/decimal';
import { ok } from '@simplebank/kernel/result';
import { daysBetween } from './days.ts';
import { type DatedAmount, dailyFactor, reversed } from './discounting.ts';
import { firstRoot } from './roots.ts';
import { type Rate, unavailable } from './unavailable.ts';

/** From the customer's side: what is put in is negative, what is taken out or is left positive. */
export type Flow = { readonly date: string; readonly amount: Decimal };

const daysPerYear = 365;
const leastRate = new Decimal('-0.999999');
const mostRate = new Decimal('1000000');
/** Of forces of interest, just beyond those rates; what is found there is judged by its rate. */
const forceMax = 13.9;
/** By so much a rate may stand beyond the range for its last digits alone. */
const slack = new Decimal('1e-18');

/**
 * The money-weighted return a year: the rate r above −1 with Σ amount ÷ (1 + r)^(days ÷ 365) = 0
 * (domain §4.3; the definition of the spreadsheet function XIRR). Flows in any order. Sought from
 * −0.999999 to 1,000,000; of several roots the one nearest zero. Right to 18 digits and more.
 *
 * NO_SIGN_CHANGE: money goes one way only, or what goes both ways on each day cancels out.
 * NO_DURATION: everything happens on one day. OUT_OF_RANGE: no such rate in that range.
 */
export function xirr(all: readonly Flow[]): Rate {
  const flows = inParts(all);
  if (!goesBothWays(flows)) return unavailable('NO_SIGN_CHANGE');
  if (isOneDay(flows)) return unavailable('NO_DURATION');
  const moving = netByDay(flows);
  if (!goesBothWays(moving)) return unavailable('NO_SIGN_CHANGE');
  if (moving.reduce((all, { amount }) => all + amount, 0n) === 0n) return ok(new Decimal(0));
  const nearest = nearer(rateAbove(moving), rateBelow(moving));
  return nearest ? ok(new Decimal(nearest)) : unavailable('OUT_OF_RANGE');
}

/** Of two that are as near, which their last digits must not decide, the gain. */
function nearer(above: Decimal | null, below: Decimal | null): Decimal | null {
  if (!above || !below) return above ?? below;
  return below.abs().plus(slack).lessThan(above) ? below : above;
}

/** Without those of nothing, in parts so small that all amounts are whole; by day. */
function inParts(all: readonly Flow[]): DatedAmount[] {
  const flows = all.filter(({ amount }) => !amount.isZero());
  const decimals = flows.reduce((most, { amount }) => Math.max(most, decimalsOf(amount)), 0);
  const [first = ''] = flows.map(({ date }) => date).sort();
  return flows
    .map(({ date, amount }) => ({
      days: daysBetween(first, date),
      amount: BigInt(amount.toFixed(decimals).replace('.', '')),
    }))
    .sort((a, b) => a.days - b.days);
}

const goesBothWays = (flows: readonly DatedAmount[]): boolean =>
  flows.some(({ amount }) => amount < 0n) && flows.some(({ amount }) => amount > 0n);

const isOneDay = (flows: readonly DatedAmount[]): boolean => flows.at(-1)?.days === 0;

function netByDay(flows: readonly DatedAmount[]): DatedAmount[] {
  const byDays = new Map<number, bigint>();
  for (const { days, amount } of flows) byDays.set(days, (byDays.get(days) ?? 0n) + amount);
  return [...byDays]
    .map(([days, amount]) => ({ days, amount }))
    .filter(({ amount }) => amount !== 0n);
}

/** The smallest rate above zero; null when there is none in the range. */
function rateAbove(flows: readonly DatedAmount[]): Decimal | null {
  const daily = firstRoot(flows, forceMax);
  const rate = daily === null ? null : dailyFactor(daily).pow(-daysPerYear).minus(1);
  return rate?.lessThanOrEqualTo(mostRate.plus(mostRate.times(slack))) ? rate : null;
}

/** The rate below zero that is nearest to it; null when there is none in the range. */
function rateBelow(flows: readonly DatedAmount[]): Decimal | null {
  const daily = firstRoot(reversed(flows), forceMax);
  const rate = daily === null ? null : dailyFactor(daily).pow(daysPerYear).minus(1);
  return rate?.greaterThanOrEqualTo(leastRate.minus(slack)) ? rate : null;
}
