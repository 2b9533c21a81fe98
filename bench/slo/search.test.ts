import fc from 'fast-check';
import { expect, test } from 'vitest';
import { searchRate } from './search.ts';

const wishes = { from: 20, until: 2_000, precision: 1.1, stepsMax: 20 };

function find(limit: number, stepsMax = wishes.stepsMax): { best: number; steps: number } {
  const search = searchRate({ ...wishes, stepsMax });
  let steps = 0;
  for (let rate = search.next(); rate !== null; rate = search.next()) {
    steps += 1;
    search.tried(rate, rate <= limit);
  }
  return { best: search.best(), steps };
}

test('finds the highest rate that is borne to within a tenth, and never one that is not', () => {
  fc.assert(
    fc.property(fc.integer({ min: 20, max: 1_999 }), (limit) => {
      const { best } = find(limit);
      expect(best).toBeLessThanOrEqual(limit);
      // Rates are rounded to fives, which is more than a tenth of small ones.
      expect(best).toBeGreaterThanOrEqual(Math.min(limit / 1.1, limit - 10));
    }),
  );
});

test('a bank that bears nothing is found out, and one that bears all is not asked for ever', () => {
  expect(find(0).best).toBe(0);
  expect(find(1_000_000).best).toBe(wishes.until);
});

test('takes no more steps than it may', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 2_500 }),
      fc.integer({ min: 1, max: 12 }),
      (limit, max) => {
        expect(find(limit, max).steps).toBeLessThanOrEqual(max);
      },
    ),
  );
});
