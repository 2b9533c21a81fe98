import { Decimal, sum } from '@simplebank/kernel/decimal';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDays, daysBetween } from './days.ts';
import { type Flow, xirr } from './xirr.ts';

const runs = { numRuns: 1_000 };
/** Fewer than the bank's 60, so that thousands of roots are quick. */
const Digits = Decimal.clone({ precision: 34 });
const first = '2024-02-28';
const at = (days: number, amount: Decimal | number | string): Flow => ({
  date: addDays(first, days),
  amount: new Decimal(amount),
});
const told = (...flows: readonly (readonly [number, number | string])[]) => {
  const rate = xirr(flows.map(([days, amount]) => at(days, amount)));
  return rate.ok ? rate.value.toFixed(12) : rate.error;
};

/** The worth of the flows on the first day; one root is taken, the rest are whole powers. */
function worth(flows: readonly Flow[], rate: Decimal): Decimal {
  const daily = new Digits(rate.plus(1)).pow(Digits.div(1, 365));
  return sum(flows.map(({ date, amount }) => amount.div(daily.pow(daysBetween(first, date)))));
}

const cents = (max: number) =>
  fc.integer({ min: 1, max }).map((value) => new Decimal(value).div(100));
const anyFlow = fc
  .record({ days: fc.integer({ min: 0, max: 900 }), amount: cents(1_000_000), isIn: fc.boolean() })
  .map(({ days, amount, isIn }) => at(days, isIn ? amount.neg() : amount));

test('law: at the rate that is told, money in and money out are worth the same', () => {
  let answered = 0;
  fc.assert(
    fc.property(fc.array(anyFlow, { minLength: 2, maxLength: 8 }), (flows) => {
      const rate = xirr(flows);
      if (!rate.ok) return;
      answered += 1;
      const size = worth(
        flows.map((flow) => ({ ...flow, amount: flow.amount.abs() })),
        rate.value,
      );
      expect(worth(flows, rate.value).abs().div(size).lessThan('1e-15')).toBe(true);
    }),
    runs,
  );
  expect(answered).toBeGreaterThan(500);
});

test('law: nothing between zero and the rate that is told is a root, too', () => {
  const sign = (flows: readonly Flow[], rate: Decimal) => worth(flows, rate).comparedTo(0);
  fc.assert(
    fc.property(
      fc.array(anyFlow, { minLength: 2, maxLength: 5 }),
      fc.double({ min: 0.01, max: 0.99, noNaN: true }),
      (flows, part) => {
        const rate = xirr(flows);
        if (!rate.ok || rate.value.isZero()) return;
        // Between zero and the nearest root the sign stays what it is at zero.
        const between = rate.value.times(part);
        expect(sign(flows, between)).toBe(sum(flows.map(({ amount }) => amount)).comparedTo(0));
      },
    ),
    runs,
  );
});

test('law: one deposit doubled in 365 days makes 1, whatever its size', () => {
  fc.assert(
    fc.property(cents(100_000_000), fc.integer({ min: 0, max: 3_000 }), (amount, days) => {
      const rate = xirr([at(days, amount.neg()), at(days + 365, amount.times(2))]);
      expect(rate).toMatchObject({ ok: true });
      expect(rate.ok && rate.value.minus(1).abs().lessThan('1e-15')).toBe(true);
    }),
    runs,
  );
});

test('law: neither the order of flows nor their currency changes the rate', () => {
  fc.assert(
    fc.property(
      fc.array(anyFlow, { minLength: 2, maxLength: 6 }),
      fc.integer({ min: 2, max: 1_000 }),
      (flows, times) => {
        const more = flows.map((flow) => ({ ...flow, amount: flow.amount.times(times) })).reverse();
        const [one, other] = [xirr(flows), xirr(more)];
        expect(other.ok).toBe(one.ok);
        if (one.ok && other.ok) {
          expect(other.value.minus(one.value).abs().lessThan('1e-15')).toBe(true);
        }
      },
    ),
    runs,
  );
});

/** Money that comes and goes on consecutive days; the higher the order, the less of it is seen. */
function churn(order: number, amount: number): Flow[] {
  let weights = [1];
  for (let step = 0; step < order; step += 1) {
    weights = [...weights, 0].map((weight, index) => weight - (weights[index - 1] ?? 0));
  }
  return weights.map((weight, index) => at(31 + index, weight * amount));
}

const patienceMs = 4_000;

test.each([1, 2, 3, 4, 6])('money that churns is no endless search: order %i', (order) => {
  for (const amount of [1_000_000, 100_000_000]) {
    const begun = performance.now();
    const flows = [at(0, '-0.05'), ...churn(order, amount), at(365, '0.06')];
    const rate = xirr(flows);
    expect(performance.now() - begun).toBeLessThan(patienceMs);
    if (!rate.ok) continue;
    const size = sum(flows.map((flow) => flow.amount.abs()));
    expect(worth(flows, rate.value).abs().div(size).lessThan('1e-15')).toBe(true);
  }
});

test('a gain is found beside churning that is a hundred million times as large', () => {
  const flows = [at(0, '-1'), ...churn(2, -100_000_000), at(365, '-2'), at(730, '3.5')];
  const rate = xirr(flows);
  expect(rate.ok && worth(flows, rate.value).abs().lessThan('1e-6')).toBe(true);
});

test.each<[string, string, string]>([
  ['a gain in a year', told([0, -100], [365, 110]), '0.100000000000'],
  ['a loss in a day', told([0, -100], [1, 99]), '-0.974482035548'],
  ['of two roots the one nearer zero', told([0, -100], [365, 230], [730, -132]), '0.100000000000'],
  [
    'a root that is touched and not crossed',
    told([0, -100], [365, 220], [730, -121]),
    '0.100000000000',
  ],
  ['of two as near the gain', told([0, -100], [365, 200], [730, -99]), '0.100000000000'],
  ['the least rate', told([0, -1], [365, '0.000001']), '-0.999999000000'],
  ['the greatest rate', told([0, -1], [365, 1_000_001]), '1000000.000000000000'],
  ['less than the least rate', told([0, -1], [365, '0.0000009']), 'OUT_OF_RANGE'],
  ['more than the greatest rate', told([0, -1], [365, 1_000_002]), 'OUT_OF_RANGE'],
  ['no root at all', told([0, -100], [365, 200], [730, -150]), 'OUT_OF_RANGE'],
  ['money one way', told([0, -100], [10, -5]), 'NO_SIGN_CHANGE'],
  ['no money', told([0, 0], [10, 0]), 'NO_SIGN_CHANGE'],
  ['both ways, but not on two days', told([0, -100], [0, 101], [9, 0]), 'NO_DURATION'],
  ['what cancels out on its day', told([0, -100], [0, 100], [9, 5]), 'NO_SIGN_CHANGE'],
  ['what comes out even', told([0, -100], [9, 40], [300, 60]), '0.000000000000'],
])('%s', (_, actual, expected) => {
  expect(actual).toBe(expected);
});
