/** Null is the cash slice. Percentages have two decimals and sum to 100.00; text as it travels. */
type Slice = { readonly assetId: string | null; readonly percentage: string };

/** Our copy of a strategy's current version; the highest wins. */
export type StrategyVersion = {
  readonly id: string;
  readonly number: string;
  readonly name: string;
  readonly version: number;
  readonly slices: readonly Slice[];
};

/** Our copy of which strategy an account follows; null is none. The highest version wins. */
export type Election = {
  readonly accountId: string;
  readonly strategyId: string | null;
  readonly version: number;
};

/** The strategy that an account follows now. */
export type Elected = {
  readonly strategyId: string;
  readonly name: string;
  readonly version: number;
  readonly slices: readonly (Slice & { readonly symbol: string | null })[];
};
