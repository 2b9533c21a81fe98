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

/** All that others need to know of an account to ask us about it. */
export type AccountKey = { readonly id: string };

export type AccountCopy = {
  readonly id: string;
  readonly number: bigint;
  readonly ownerIds: readonly string[];
  readonly currency: string;
  readonly status: string;
  readonly version: number;
};

export type PaymentStatus = 'CREATED' | 'COMPLETED' | 'FAILED' | 'CANCELED';
/** `planRunId`: the run of a recurring plan that the deposit pays for. */
export type PaymentCopy = {
  readonly id: string;
  readonly number: bigint;
  readonly accountId: string;
  readonly kind: string;
  readonly amount: Decimal;
  readonly currency: string;
  readonly status: PaymentStatus;
  readonly planRunId: string | null;
  readonly version: number;
};

/** The version of a payment that was completed at once: created, then completed. */
const completedAtOnce = 2;

/**
 * A payment that had failed and was confirmed after all counts as failed for whoever waited for
 * it, so that it does not matter which of its two ends is heard of first.
 */
export const arrivedInTime = ({ status, version }: PaymentCopy): boolean =>
  status === 'COMPLETED' && version <= completedAtOnce;
