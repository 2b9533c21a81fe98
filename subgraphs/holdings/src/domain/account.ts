import type { AccountId } from '@simplebank/kernel/ids';

/** All that a reference to an account carries; accounts owns the rest. */
export type AccountKey = { readonly id: string };

/** Our copy of what accounts says. */
export type Account = {
  readonly id: AccountId;
  readonly number: bigint;
  readonly ownerIds: readonly string[];
  readonly currency: string;
  readonly status: string;
  readonly version: number;
  readonly asOf: Date;
};

/** Account states in which a customer may sell (domain §2.3). */
const sellingStatuses: ReadonlySet<string> = new Set(['ACTIVE', 'LIMITED', 'CLOSING']);

/** A copy that is not here yet forbids nothing: the position decides. */
export const maySell = (account: Account | undefined): boolean =>
  account === undefined || sellingStatuses.has(account.status);
