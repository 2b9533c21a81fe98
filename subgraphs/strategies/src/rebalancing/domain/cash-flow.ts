import { allocate } from '@simplebank/kernel/allocate';
import { type Decimal, sum, zero } from '@simplebank/kernel/decimal';
import { ok, type Result, refuse } from '@simplebank/kernel/result';
import type { Slice } from '../../domain/slice.ts';
import { amountOf, keyOf, unitsOf, weightOf } from '../../domain/split.ts';

/** An asset that the money may go to or come from: its target and its value now. */
export type Stake = Slice & { readonly value: Decimal };
/** Units of one currency; `digits` is its ISO 4217 exponent. */
export type CashFlow = {
  readonly kind: 'DEPOSIT' | 'WITHDRAWAL';
  readonly amount: Decimal;
  readonly digits: number;
};
/** Of each stake, what is bought on a deposit or sold on a withdrawal; zero where nothing is. */
export type Move = Stake & { readonly amount: Decimal };

/**
 * Cuts a deposit over the gaps to the targets after it, a withdrawal over the excesses, by largest
 * remainder (domain §6.4). Nothing is sold on a deposit, nothing bought on a withdrawal, and no
 * part is larger than its gap or excess but for a minor unit of rounding.
 * A percentage counts for its share of all of them; a stake without a target has 0. Who must not
 * touch an asset outside the strategy leaves it out. Values and amount are whole minor units.
 */
export function rebalance(
  { kind, amount, digits }: CashFlow,
  stakes: readonly Stake[],
): Result<readonly Move[], 'AMOUNT_ABOVE_VALUE'> {
  const flow = unitsOf(amount, digits);
  const direction = kind === 'DEPOSIT' ? 1n : -1n;
  const values = stakes.map(({ value }) => unitsOf(value, digits));
  const after = values.reduce((all, value) => all + value, direction * flow);
  if (after < 0n) return refuse('AMOUNT_ABOVE_VALUE');

  const whole = stakes.reduce((all, stake) => all + weightOf(stake), 0n);
  const shares = stakes.map((stake, index) => {
    const missing = after * weightOf(stake) - (values[index] ?? 0n) * whole;
    const claim = direction * missing;
    return { key: keyOf(stake), weight: claim > 0n ? claim : 0n };
  });
  const parts = allocate(flow, shares);
  return ok(
    stakes.map((stake, index) => ({ ...stake, amount: amountOf(parts[index] ?? 0n, digits) })),
  );
}

/** The stakes once the moves of a rebalancing are made at their values. */
export const stakesAfter = (kind: CashFlow['kind'], moves: readonly Move[]): readonly Stake[] =>
  moves.map(({ amount, ...stake }) => ({
    ...stake,
    value: kind === 'DEPOSIT' ? stake.value.plus(amount) : stake.value.minus(amount),
  }));

/** Σ |actual share − target share| ÷ 2 as a fraction (domain §4.3); null without any value. */
export function driftOf(stakes: readonly Stake[]): Decimal | null {
  const total = sum(stakes.map(({ value }) => value));
  if (total.isZero()) return null;
  const apart = stakes.map(({ value, percentage }) => value.div(total).minus(percentage.div(100)));
  return apart.reduce((all, one) => all.plus(one.abs()), zero).div(2);
}
