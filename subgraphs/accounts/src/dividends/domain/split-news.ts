import type { Decimal } from '@simplebank/kernel/decimal';

/** By how many shares a split changed a position; a late execution may tell it again. */
export type SplitNews = {
  readonly actionId: string;
  readonly accountId: string;
  readonly symbol: string;
  readonly version: number;
  readonly change: Decimal;
};
