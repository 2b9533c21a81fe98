import { Decimal, zero } from '@simplebank/kernel/decimal';
import { ceilCash, roundCash } from '@simplebank/kernel/money';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CommissionPlan, isCommissionPlan } from './fee-schedule.ts';
import tables from './fee-tables.json' with { type: 'json' };
import {
  type CommissionTerms,
  commissionOn,
  type DayTotal,
  feesOn,
  holdOf,
  minus,
  noFees,
  totalOf,
  tradeValueOf,
} from './fees.ts';

const termsOf = (plan: string, date: string): CommissionTerms => {
  if (!isCommissionPlan(plan)) throw new Error(`${plan} is no plan`);
  return { plan, date, currency: 'USD' };
};

type Fill = { readonly quantity: Decimal; readonly price: Decimal };

/** Charges each fill the growth of the fees on the running totals. */
function chargeEach(fills: readonly Fill[], side: 'BUY' | 'SELL', terms: CommissionTerms) {
  let gross = zero;
  let quantity = zero;
  let before = noFees;
  return fills.map((fill) => {
    gross = gross.plus(fill.quantity.times(fill.price));
    quantity = quantity.plus(fill.quantity);
    const days: DayTotal[] = [{ tradeDate: terms.date, quantity, gross }];
    const after = feesOn({ side, terms, gross, days });
    const charged = minus(after, before);
    before = after;
    return charged;
  });
}

describe('fees are charged as the published schedule says', () => {
  test.each(tables.examples)('$id', ({ plan, side, tradeDate, fills, total }) => {
    const told = fills.map(({ quantity, price }) => ({
      quantity: new Decimal(quantity),
      price: new Decimal(price),
    }));
    const charged = chargeEach(told, side as 'BUY' | 'SELL', termsOf(plan, tradeDate));

    const shown = charged.map(({ sec, taf, commission }, nth) => ({
      quantity: fills[nth]?.quantity,
      price: fills[nth]?.price,
      sec: sec.toFixed(2),
      taf: taf.toFixed(2),
      commission: commission.toFixed(2),
    }));
    expect(shown).toEqual(fills);
    expect(Decimal.sum(...charged.map(totalOf)).toFixed(2)).toBe(total);
  });

  test.each(tables.notionalExamples)(
    'an amount of $amount on plan $plan buys for $tradeValue',
    ({ amount, tradeDate, plan, tradeValue, fee }) => {
      const terms = termsOf(plan, tradeDate);
      const value = tradeValueOf(new Decimal(amount), terms);
      expect(value.toFixed(2)).toBe(tradeValue);
      expect(commissionOn(value, terms).toFixed(2)).toBe(fee);
    },
  );
});

const runs = { numRuns: 1_000 };
const plan = fc.constantFrom<CommissionPlan>('standard', 'zero');
const cents = fc.integer({ min: 1, max: 50_000 }).map((value) => new Decimal(value).div(100));
const shares = fc.integer({ min: 1, max: 5_000_000 }).map((value) => new Decimal(value).div(1_000));
const fills = fc.array(fc.record({ quantity: shares, price: cents }), {
  minLength: 1,
  maxLength: 8,
});

test('the hold of a buy covers its value and fees, however it is filled within its limit', () => {
  fc.assert(
    fc.property(fills, plan, (told, name) => {
      const terms = termsOf(name, '2026-07-15');
      const limit = Decimal.max(...told.map(({ price }) => price));
      const quantity = Decimal.sum(...told.map((fill) => fill.quantity));
      const gross = Decimal.sum(...told.map((fill) => fill.quantity.times(fill.price)));

      const hold = holdOf(quantity, limit, terms);
      const cost = roundCash(gross, 'USD').plus(
        Decimal.sum(...chargeEach(told, 'BUY', terms).map(totalOf)),
      );
      expect(hold.greaterThanOrEqualTo(cost)).toBe(true);
      expect(hold.equals(ceilCash(hold, 'USD'))).toBe(true);
    }),
    runs,
  );
});

test('an order by amount never costs more than its amount, and one more cent would', () => {
  fc.assert(
    fc.property(fc.integer({ min: 100, max: 10_000_000 }), plan, (amountCents, name) => {
      const terms = termsOf(name, '2026-07-15');
      const amount = new Decimal(amountCents).div(100);
      const value = tradeValueOf(amount, terms);
      const more = value.plus('0.01');
      expect(value.plus(commissionOn(value, terms)).lessThanOrEqualTo(amount)).toBe(true);
      expect(more.plus(commissionOn(more, terms)).greaterThan(amount)).toBe(true);
    }),
    runs,
  );
});

test('the fees of an order do not depend on how it was filled, nor in which order', () => {
  const side = fc.constantFrom<'BUY' | 'SELL'>('BUY', 'SELL');
  fc.assert(
    fc.property(fills, side, plan, (told, which, name) => {
      const terms = termsOf(name, '2026-07-15');
      const sumOf = (some: readonly Fill[]) =>
        Decimal.sum(...chargeEach(some, which, terms).map(totalOf)).toFixed();
      const quantity = Decimal.sum(...told.map((fill) => fill.quantity));
      const gross = Decimal.sum(...told.map((fill) => fill.quantity.times(fill.price)));
      const days = [{ tradeDate: terms.date, quantity, gross }];
      const atOnce = totalOf(feesOn({ side: which, terms, gross, days })).toFixed();
      expect([sumOf(told), sumOf(told.toReversed())]).toEqual([atOnce, atOnce]);
    }),
    runs,
  );
});

test('a buy whose value rounds to nothing still pays the least commission', () => {
  const terms = termsOf('standard', '2026-07-15');
  const crumb = { quantity: new Decimal('0.0001'), price: new Decimal('49.00') };
  const charged = chargeEach([crumb, crumb], 'BUY', terms).map(totalOf);
  expect(charged.map((fee) => fee.toFixed(2))).toEqual(['0.01', '0.00']);
  const hold = holdOf(crumb.quantity, crumb.price, terms);
  expect(hold.toFixed(2)).toBe('0.02');
});

test('fees of a sale never exceed its proceeds', () => {
  fc.assert(
    fc.property(shares, cents, (quantity, price) => {
      const terms = termsOf('standard', '2026-07-15');
      const gross = quantity.div(1_000).times(price.div(10));
      const days = [{ tradeDate: terms.date, quantity, gross }];
      const fees = totalOf(feesOn({ side: 'SELL', terms, gross, days }));
      expect(fees.lessThanOrEqualTo(roundCash(gross, 'USD'))).toBe(true);
    }),
    runs,
  );
});

test('a rate holds from its date on and says nothing before the first', () => {
  const on = (tradeDate: string) => {
    const days = [{ tradeDate, quantity: new Decimal(1_000), gross: new Decimal(100_000) }];
    const terms = termsOf('zero', tradeDate);
    const { sec, taf } = feesOn({ side: 'SELL', terms, gross: new Decimal(100_000), days });
    return [sec.toFixed(2), taf.toFixed(2)];
  };
  expect(on('2020-02-17')).toEqual(['0.00', '0.00']);
  expect(on('2025-05-13')).toEqual(['2.78', '0.17']);
  expect(on('2025-05-14')).toEqual(['0.00', '0.17']);
  expect(on('2026-04-03')).toEqual(['0.00', '0.20']);
  expect(on('2026-04-04')).toEqual(['2.06', '0.20']);
  expect(on('2026-10-01')).toEqual(['2.06', '0.00']);
  expect(on('2027-01-01')).toEqual(['2.06', '0.20']);
});

test('an order that trades on two dates is charged each by the row and the cap of its day', () => {
  const terms = termsOf('zero', '2026-09-30');
  const days = [
    { tradeDate: '2026-09-30', quantity: new Decimal(60_000), gross: new Decimal(120_000) },
    { tradeDate: '2026-10-01', quantity: new Decimal(60_000), gross: new Decimal(120_000) },
  ];
  const on = (some: readonly DayTotal[]) => {
    const gross = Decimal.sum(...some.map((day) => day.gross));
    const { sec, taf } = feesOn({ side: 'SELL', terms, gross, days: some });
    return [sec.toFixed(2), taf.toFixed(2)];
  };
  expect([on(days.slice(0, 1)), on(days.slice(1)), on(days)]).toEqual([
    ['2.48', '9.79'],
    ['2.48', '0.00'],
    ['4.96', '9.79'],
  ]);
  const capped = days.map((day, nth) => ({ ...day, tradeDate: `2026-09-${29 + nth}` }));
  expect(on(capped)).toEqual(['4.96', '19.58']);
});

test('fees are reckoned on the value in cents, so a part of a cent never makes one more', () => {
  const quantity = new Decimal('100.00032');
  const gross = quantity.times('12.50');
  const terms = termsOf('zero', '2023-06-01');
  const days = [{ tradeDate: terms.date, quantity, gross }];
  expect(gross.toFixed()).toBe('1250.004');
  expect(feesOn({ side: 'SELL', terms, gross, days }).sec.toFixed(2)).toBe('0.01');
});
