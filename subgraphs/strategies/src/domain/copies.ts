import type { Decimal } from '@simplebank/kernel/decimal';

/** What this context knows of other contexts' things; each copy keeps its highest version. */
export type AssetCopy = {
  readonly id: string;
  readonly symbol: string;
  readonly name: string;
  readonly type: string;
  readonly currency: string;
  readonly fractionable: boolean;
  readonly state: 'ACTIVE' | 'HALTED' | 'SELL_ONLY' | 'DELISTED';
  readonly version: number;
};

export type AccountCopy = {
  readonly id: string;
  readonly number: bigint;
  readonly ownerIds: readonly string[];
  readonly currency: string;
  readonly status: string;
  readonly version: number;
};

export type PaymentStatus = 'CREATED' | 'COMPLETED' | 'FAILED' | 'CANCELED';
export type PaymentCopy = {
  readonly id: string;
  readonly number: bigint;
  readonly accountId: string;
  readonly kind: string;
  readonly amount: Decimal;
  readonly currency: string;
  readonly status: PaymentStatus;
  readonly version: number;
};
