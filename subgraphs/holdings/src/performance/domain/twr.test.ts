import { Decimal, zero } from '@simplebank/kernel/decimal';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { annualised, linkDays, type ReturnDay } from './twr.ts';

const runs = { numRuns: 1_000 };
const cents = (min: number, max: number) =>
  fc.integer({ min, max }).map((value) => new Decimal(value).div(100));

/** Days with factors of their own, and flows that may be any others. */
const factors = fc.array(fc.integer({ min: 1, max: 3_000 }), { minLength: 1, maxLength: 30 });
type Moves = readonly { readonly inflow: Decimal; readonly keep: number }[];
const moves = (count: number): fc.Arbitrary<Moves> =>
  fc.array(fc.record({ inflow: cents(0, 500_000), keep: fc.integer({ min: 1, max: 100 }) }), {
    minLength: count,
    maxLength: count,
  });

/** What an account is worth with these factors and flows: the market does not see the flows. */
function played(start: Decimal, byDay: readonly number[], flows: Moves): ReturnDay[] {
  let before = start;
  return byDay.map((permille, nth) => {
    const { inflow = zero, keep = 100 } = flows[nth] ?? {};
    const grown = before.plus(inflow).times(permille).div(1_000);
    const value = grown.times(keep).div(100);
    before = value;
    return { value, inflow, outflow: grown.minus(value) };
  });
}

function totalOf(start: Decimal, days: readonly ReturnDay[]): Decimal {
  const { total } = linkDays(start, days);
  if (total.ok) return new Decimal(total.value);
  throw new Error(total.error);
}

test('law 9: flows added, moved or left out do not change the return of the same factors', () => {
  const histories = factors.chain((byDay) =>
    fc.tuple(fc.constant(byDay), moves(byDay.length), moves(byDay.length), cents(1, 1_000_000)),
  );
  fc.assert(
    fc.property(histories, ([byDay, some, others, start]) => {
      const product = byDay.reduce(
        (all, permille) => all.times(permille).div(1_000),
        new Decimal(1),
      );
      for (const flows of [[], some, others]) {
        const total = totalOf(start, played(start, byDay, flows));
        expect(total.minus(product).plus(1).abs().div(product).lessThan('1e-36')).toBe(true);
      }
    }),
    runs,
  );
});

const day = (value: number | null, inflow = 0, outflow = 0): ReturnDay => ({
  value: value === null ? null : new Decimal(value),
  inflow: new Decimal(inflow),
  outflow: new Decimal(outflow),
});
const shown = (start: number | null, ...days: readonly ReturnDay[]) => {
  const { daily, cumulative, total } = linkDays(start === null ? null : new Decimal(start), days);
  const text = (list: typeof daily) =>
    list.map((one) => (one.ok ? one.value.toFixed() : one.error));
  return { daily: text(daily), cumulative: text(cumulative), total: text([total])[0] };
};

test('nothing before and nothing after is a day like any other', () => {
  expect(shown(0, day(0), day(110, 100), day(0, 0, 110), day(0), day(21, 20))).toEqual({
    daily: ['0', '0.1', '0', '0', '0.05'],
    cumulative: ['0', '0.1', '0.1', '0.1', '0.155'],
    total: '0.155',
  });
});

test('value out of nothing has no return, nor has anything after it', () => {
  expect(shown(100, day(110), day(0, 0, 110), day(5), day(6))).toEqual({
    daily: ['0.1', '0', 'NO_BASE', '0.2'],
    cumulative: ['0.1', '0.1', 'NO_BASE', 'NO_BASE'],
    total: 'NO_BASE',
  });
  expect(shown(-5, day(5)).total).toBe('NO_BASE');
});

test('a day without a price has no return, nor has the one after it', () => {
  expect(shown(100, day(110), day(null), day(120), day(132))).toEqual({
    daily: ['0.1', 'PRICE_MISSING', 'PRICE_MISSING', '0.1'],
    cumulative: ['0.1', ...Array(3).fill('PRICE_MISSING')],
    total: 'PRICE_MISSING',
  });
  expect(shown(null, day(110)).total).toBe('PRICE_MISSING');
});

test('a return a year is told from 365 days on, and never of more than everything lost', () => {
  const rate = (total: number, days: number) => {
    const found = annualised({ ok: true, value: new Decimal(total) }, days);
    return found.ok ? found.value.toFixed(10) : found.error;
  };
  expect(rate(0.1, 364)).toBe('NO_DURATION');
  expect(rate(0.1, 365)).toBe('0.1000000000');
  expect(rate(0.21, 730)).toBe('0.1000000000');
  expect(rate(-1, 730)).toBe('-1.0000000000');
  expect(rate(-1.5, 730)).toBe('OUT_OF_RANGE');
});
