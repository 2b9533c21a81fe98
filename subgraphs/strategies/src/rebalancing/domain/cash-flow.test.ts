import { Decimal, sum } from '@simplebank/kernel/decimal';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type CashFlow,
  driftOf,
  type Move,
  rebalance,
  type Stake,
  stakesAfter,
} from './cash-flow.ts';

const digits = 2;
const cent = new Decimal('0.01');
const money = (cents: number) => new Decimal(cents).div(100);

/** Targets in hundredths of a percent that make 100.00, each with what is held of it. */
const stakes = fc
  .uniqueArray(fc.integer({ min: 0, max: 10_000 }), { maxLength: 8 })
  .map((cuts) => [0, ...cuts.toSorted((a, b) => a - b), 10_000])
  .map((edges) => edges.slice(1).map((edge, index) => edge - (edges[index] ?? 0)))
  .chain((parts) =>
    fc
      .array(fc.integer({ min: 0, max: 5_000_000 }), {
        minLength: parts.length,
        maxLength: parts.length,
      })
      .map((held) =>
        parts.map((percentage, index) => ({
          assetId: `asset-${index}`,
          percentage: money(percentage),
          value: money(held[index] ?? 0),
        })),
      ),
  );
const worthOf = (some: readonly Stake[]) => sum(some.map(({ value }) => value));

/** A deposit of any size, or a withdrawal of what is there at most. */
const scenes = fc
  .tuple(stakes, fc.boolean(), fc.integer({ min: 1, max: 5_000_000 }))
  .map(([held, isDeposit, cents]) => {
    const kind = isDeposit || worthOf(held).isZero() ? 'DEPOSIT' : 'WITHDRAWAL';
    const amount = kind === 'DEPOSIT' ? money(cents) : Decimal.min(money(cents), worthOf(held));
    return { flow: { kind, amount, digits } satisfies CashFlow, held };
  });

function movesOf(flow: CashFlow, held: readonly Stake[]): readonly Move[] {
  const moved = rebalance(flow, held);
  if (!moved.ok) throw new Error(moved.error);
  return moved.value;
}

test('the moves make the amount, and none goes past its target or below nothing', () => {
  fc.assert(
    fc.property(scenes, ({ flow, held }) => {
      const moves = movesOf(flow, held);
      expect(sum(moves.map(({ amount }) => amount)).toFixed()).toBe(flow.amount.toFixed());
      const total = worthOf(stakesAfter(flow.kind, moves));
      const past = stakesAfter(flow.kind, moves).filter(({ value, percentage }, index) => {
        const over = value.minus(total.times(percentage).div(100));
        const isTooFar = flow.kind === 'DEPOSIT' ? over : over.negated();
        return value.isNegative() || (moves[index]?.amount.gt(0) && isTooFar.gte(cent));
      });
      expect(past).toEqual([]);
    }),
    { numRuns: 1_000 },
  );
});

test('no other way to spend a deposit leaves less drift, but for the cents of rounding', () => {
  const weights = fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 10, maxLength: 10 });
  fc.assert(
    fc.property(stakes, fc.integer({ min: 1, max: 5_000_000 }), weights, (held, cents, ways) => {
      const amount = money(cents);
      const best = driftOf(
        stakesAfter('DEPOSIT', movesOf({ kind: 'DEPOSIT', amount, digits }, held)),
      );
      const all = held.reduce((total, _, index) => total + (ways[index] ?? 0), 0);
      fc.pre(all > 0);
      const other = held.map((stake, index) => ({
        ...stake,
        amount: amount.times(ways[index] ?? 0).div(all),
      }));
      const rounding = cent.times(held.length).div(worthOf(held).plus(amount));
      const drift = driftOf(stakesAfter('DEPOSIT', other));
      expect(drift?.plus(rounding).gte(best ?? 0)).toBe(true);
    }),
    { numRuns: 1_000 },
  );
});

test('more than there is cannot be withdrawn, and nothing has no drift', () => {
  const held = [{ assetId: 'A', percentage: new Decimal(100), value: money(100) }];
  expect(rebalance({ kind: 'WITHDRAWAL', amount: money(101), digits }, held)).toEqual({
    ok: false,
    error: 'AMOUNT_ABOVE_VALUE',
  });
  const moves = movesOf({ kind: 'WITHDRAWAL', amount: money(100), digits }, held);
  expect(driftOf(stakesAfter('WITHDRAWAL', moves))).toBeNull();
});
