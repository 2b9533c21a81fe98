import type { Ticks } from './ticks.ts';

/** Copy of an asset's master data; the highest version wins. */
export type Asset = {
  readonly id: string;
  readonly symbol: string;
  readonly name: string;
  readonly type: string;
  readonly currency: string;
  readonly fractionable: boolean;
  readonly state: string;
  /** Null: the steps that most assets have. */
  readonly ticks: Ticks | null;
  readonly version: number;
};
