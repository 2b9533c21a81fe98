import { Decimal, sum, zero } from '@simplebank/kernel/decimal';
import { type Currency, ceilCash, minorDigitsOf, roundCash } from '@simplebank/kernel/money';
import { type CommissionPlan, commissionRow, secRow, tafRow } from './fee-schedule.ts';

/** Fees by kind, in units of the currency. */
export type Fees = { readonly commission: Decimal; readonly sec: Decimal; readonly taf: Decimal };
export type FeesIn = { readonly fees: Fees; readonly currency: Currency };

export const noFees: Fees = { commission: zero, sec: zero, taf: zero };

export const totalOf = ({ commission, sec, taf }: Fees): Decimal => commission.plus(sec).plus(taf);

export const minus = (after: Fees, before: Fees): Fees => ({
  commission: after.commission.minus(before.commission),
  sec: after.sec.minus(before.sec),
  taf: after.taf.minus(before.taf),
});

export const plus = (a: Fees, b: Fees): Fees => ({
  commission: a.commission.plus(b.commission),
  sec: a.sec.plus(b.sec),
  taf: a.taf.plus(b.taf),
});

/** What an order traded on one trade date: shares, and the exact sum of quantity × price. */
export type DayTotal = {
  readonly tradeDate: string;
  readonly quantity: Decimal;
  readonly gross: Decimal;
};

/** The commission terms of an order, fixed when it was created. */
export type CommissionTerms = {
  readonly plan: CommissionPlan;
  readonly date: string;
  readonly currency: Currency;
};

const basisPointsOfAll = 10_000;
const million = 1_000_000;

/** Commission on a value in cents: half up, then minimum, then maximum. Nothing on nothing. */
export function commissionOn(value: Decimal, { plan, date, currency }: CommissionTerms): Decimal {
  const row = commissionRow(plan, date);
  if (!row || value.isZero()) return zero;
  const exact = value.times(row.basisPoints).div(basisPointsOfAll);
  return Decimal.min(Decimal.max(roundCash(exact, currency), row.minimum), row.maximum);
}

/** All that an order has traded so far. */
export type Traded = {
  readonly side: 'BUY' | 'SELL';
  readonly terms: CommissionTerms;
  readonly gross: Decimal;
  readonly days: readonly DayTotal[];
};

/**
 * The fees on the running totals of an order (rules of fee-tables.json). An execution is charged
 * the difference between the fees after it and before it, so the total does not depend on how the
 * order was filled. On a sale SEC, TAF and commission, in this order, never exceed the proceeds.
 */
export function feesOn({ side, terms, gross, days }: Traded): Fees {
  const { currency } = terms;
  const value = roundCash(gross, currency);
  // What rounds to nothing was traded all the same: a part of a share must not come for free.
  const commission = commissionOn(value.isZero() ? ceilCash(gross, currency) : value, terms);
  if (side === 'BUY') return { ...noFees, commission };

  const sec = Decimal.min(sum(days.map((day) => secOn(day, currency))), value);
  const afterSec = value.minus(sec);
  const taf = Decimal.min(sum(days.map((day) => tafOn(day, currency))), afterSec);
  return { sec, taf, commission: Decimal.min(commission, afterSec.minus(taf)) };
}

function secOn({ tradeDate, gross }: DayTotal, currency: Currency): Decimal {
  const row = secRow(tradeDate);
  if (!row) return zero;
  return ceilCash(roundCash(gross, currency).times(row.perMillion).div(million), currency);
}

function tafOn({ tradeDate, quantity }: DayTotal, currency: Currency): Decimal {
  const row = tafRow(tradeDate);
  if (!row) return zero;
  return Decimal.min(ceilCash(quantity.times(row.perShare), currency), row.capPerOrderAndDay);
}

/**
 * What an order by amount may spend on shares: the largest value in whole cents with
 * value + commission(value) <= amount. The sum grows with every cent, so halving finds it.
 */
export function tradeValueOf(amount: Decimal, terms: CommissionTerms): Decimal {
  const cent = new Decimal(10).pow(-minorDigitsOf(terms.currency));
  let enough = 0n;
  let tooMuch = BigInt(amount.div(cent).floor().toFixed()) + 1n;
  while (tooMuch - enough > 1n) {
    const middle = (enough + tooMuch) / 2n;
    const value = cent.times(middle.toString());
    if (value.plus(commissionOn(value, terms)).lessThanOrEqualTo(amount)) enough = middle;
    else tooMuch = middle;
  }
  return cent.times(enough.toString());
}

/**
 * What a buy by quantity sets aside: its value at the highest price it can pay, rounded up, and the
 * commission on that. Law: never less than what its executions cost.
 */
export function holdOf(quantity: Decimal, highest: Decimal, terms: CommissionTerms): Decimal {
  const value = ceilCash(quantity.times(highest), terms.currency);
  return value.plus(commissionOn(value, terms));
}
