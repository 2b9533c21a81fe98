import fc from 'fast-check';
import { expect, test } from 'vitest';
import { allocate } from './allocate.ts';

test('equal claims are decided by key in code-point order, not in that of UTF-16', () => {
  const shares = (keys: readonly string[]) => keys.map((key) => ({ key, weight: 1n }));
  expect(allocate(1n, shares(['\u{1f600}', '\uff5e']))).toEqual([0n, 1n]);
  expect(allocate(1n, shares(['AB', 'A']))).toEqual([0n, 1n]);
  expect(allocate(1n, shares(['A', 'AB']))).toEqual([1n, 0n]);
});

test('parts make the total, and none is a unit away from its share', () => {
  const weights = fc.array(fc.bigInt({ min: 0n, max: 1_000n }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 10n ** 15n }), weights, (total, given) => {
      const all = given.reduce((sum, weight) => sum + weight, 0n);
      fc.pre(all > 0n);
      const parts = allocate(
        total,
        given.map((weight, index) => ({ key: `asset-${index}`, weight })),
      );
      expect(parts.reduce((sum, part) => sum + part, 0n)).toBe(total);
      const far = parts.filter((part, index) => {
        const off = part * all - total * (given[index] ?? 0n);
        return off <= -all || off >= all;
      });
      expect(far).toEqual([]);
    }),
    { numRuns: 1_000 },
  );
});
