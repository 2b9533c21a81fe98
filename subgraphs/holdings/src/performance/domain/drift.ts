import { type Decimal, sum } from '@simplebank/kernel/decimal';

/** Shares of a whole: both sum to the same, 1 or 100. */
export type ShareGap = { readonly actual: Decimal; readonly target: Decimal };

/** Σ |actual share − target share| ÷ 2 (domain §4.3): what part of the whole is misplaced. */
export const driftOfShares = (gaps: readonly ShareGap[]): Decimal =>
  sum(gaps.map(({ actual, target }) => actual.minus(target).abs())).div(2);
