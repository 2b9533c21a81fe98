import { allocate } from '@simplebank/kernel/allocate';
import { Decimal } from '@simplebank/kernel/decimal';
import { cash, type Slice } from './strategy.ts';

/** Percentages have two decimals, so that hundredths of a percent are whole numbers. */
const hundredths = 100;

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
  const unit = new Decimal(10).pow(digits);
  const total = BigInt(amount.times(unit).toFixed(0));
  const shares = slices.map(({ assetId, percentage }) => ({
    key: assetId ?? cash,
    weight: BigInt(percentage.times(hundredths).toFixed(0)),
  }));
  const amounts = allocate(total, shares).map((units) => new Decimal(units.toString()).div(unit));
  const cut = slices.map((slice, index) => ({
    ...slice,
    amount: amounts[index] ?? new Decimal(0),
  }));
  return {
    parts: cut.flatMap(({ assetId, percentage, amount }) =>
      assetId === null ? [] : [{ assetId, percentage, amount }],
    ),
    cash: cut.find(({ assetId }) => assetId === null)?.amount ?? new Decimal(0),
  };
}
