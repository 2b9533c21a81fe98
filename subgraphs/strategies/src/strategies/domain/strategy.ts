import { Decimal, decimalsOf, sum } from '@simplebank/kernel/decimal';
import { ok, type Result, refuse } from '@simplebank/kernel/result';
import type { AssetCopy } from '../../domain/copies.ts';
import { cash, type Slice } from '../../domain/slice.ts';

type StrategyState = 'ACTIVE' | 'ARCHIVED';

/** A strategy with its current version. */
export type Strategy = {
  readonly id: string;
  readonly number: bigint;
  readonly name: string;
  readonly state: StrategyState;
  readonly version: number;
  readonly slices: readonly Slice[];
  readonly createdById: string;
  readonly createdAt: Date;
  /** Version of the last event about it, which is not the version of its slices. */
  readonly eventVersion: number;
};

export type StrategyRefusalCode =
  | 'NAME_TAKEN'
  | 'PERCENTAGES_NOT_100'
  | 'PERCENTAGE_PRECISION'
  | 'PERCENTAGE_NOT_POSITIVE'
  | 'DUPLICATE_ASSET'
  | 'ASSET_NOT_TRADABLE'
  | 'NOT_ACTIVE'
  | 'IDEMPOTENCY_KEY_REUSED';

export const slicesMax = 100;
const percentageDecimals = 2;
const whole = new Decimal(100);

/** A row as it was given: the asset is null when nobody knows it. */
export type DraftSlice = {
  readonly asset: AssetCopy | typeof cash | null;
  readonly percentage: Decimal;
};

/** Domain §6.1: above 0, two decimals, unique assets that can be bought, together 100.00. */
export function checkSlices(
  drafts: readonly DraftSlice[],
): Result<readonly Slice[], StrategyRefusalCode> {
  const percentages = drafts.map(({ percentage }) => percentage);
  if (percentages.some((percentage) => !percentage.greaterThan(0))) {
    return refuse('PERCENTAGE_NOT_POSITIVE');
  }
  if (percentages.some((percentage) => decimalsOf(percentage) > percentageDecimals)) {
    return refuse('PERCENTAGE_PRECISION');
  }
  if (!sum(percentages).equals(whole)) return refuse('PERCENTAGES_NOT_100');
  const keys = drafts.map(({ asset }) => (asset === cash ? cash : (asset?.id ?? null)));
  if (keys.some((key) => key === null) || !drafts.every(({ asset }) => isBuyable(asset))) {
    return refuse('ASSET_NOT_TRADABLE');
  }
  if (new Set(keys).size < keys.length) return refuse('DUPLICATE_ASSET');
  return ok(
    drafts.map(({ percentage }, index) => {
      const key = keys[index];
      return { assetId: key === undefined || key === cash ? null : key, percentage };
    }),
  );
}

/** What is halted, may only be sold, or is gone, has no place in a new version. */
const isBuyable = (asset: DraftSlice['asset']): boolean =>
  asset === cash || (asset?.state === 'ACTIVE' && asset.type !== 'CASH');

/** Two names that differ in case or blanks only are one name. */
export const nameKeyOf = (name: string): string => name.toLowerCase().replaceAll(/\s+/g, ' ');
