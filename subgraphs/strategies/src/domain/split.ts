import { allocate } from '@simplebank/kernel/allocate';
import { Decimal } from '@simplebank/kernel/decimal';
import { cash, type Slice } from './slice.ts';

/** Percentages have two decimals, so that hundredths of a percent are whole numbers. */
const hundredths = 100;

/** The least that is ordered or invested, in units of the currency (domain §6.2). */
const minimum = new Decimal(1);

/** A part that is exactly the minimum is ordered; what is skipped is not spread over the others. */
export const isBelowMinimum = (amount: Decimal, least: Decimal = minimum): boolean =>
  amount.lessThan(least);

export const weightOf = ({ percentage }: Slice): bigint =>
  BigInt(percentage.times(hundredths).toFixed(0));
export const keyOf = ({ assetId }: Slice): string => assetId ?? cash;

/** An amount in minor units; `digits` is the ISO 4217 exponent of its currency. */
export const unitsOf = (amount: Decimal, digits: number): bigint =>
  BigInt(amount.times(new Decimal(10).pow(digits)).toFixed(0));
export const amountOf = (units: bigint, digits: number): Decimal =>
  new Decimal(units.toString()).div(new Decimal(10).pow(digits));

export type Split = {
  /** In the order of the slices, the cash slice left out. */
  readonly parts: readonly SplitPart[];
  /** The cash slice; zero without one. */
  readonly cash: Decimal;
};
type SplitPart = {
  readonly assetId: string;
  readonly percentage: Decimal;
  readonly amount: Decimal;
};

/**
 * Cuts an amount over the slices by largest remainder on minor units, so that nothing is lost
 * (domain §6.2). `digits` is the ISO 4217 exponent of the currency.
 */
export function splitAmount(amount: Decimal, slices: readonly Slice[], digits: number): Split {
  const shares = slices.map((slice) => ({ key: keyOf(slice), weight: weightOf(slice) }));
  const parts = allocate(unitsOf(amount, digits), shares);
  const cut = slices.map((slice, index) => ({
    ...slice,
    amount: amountOf(parts[index] ?? 0n, digits),
  }));
  return {
    parts: cut.flatMap(({ assetId, percentage, amount }) =>
      assetId === null ? [] : [{ assetId, percentage, amount }],
    ),
    cash: cut.find(({ assetId }) => assetId === null)?.amount ?? new Decimal(0),
  };
}
