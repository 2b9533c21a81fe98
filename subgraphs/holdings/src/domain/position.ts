import type { Decimal } from '@simplebank/kernel/decimal';
import type { AccountId, AssetId } from '@simplebank/kernel/ids';
import type { Currency } from '@simplebank/kernel/money';

export type PositionKey = { readonly accountId: AccountId; readonly assetId: AssetId };

/** What an account holds of an asset; never short, and never more set aside than there is. */
export type Position = PositionKey & {
  readonly currency: Currency;
  readonly quantity: Decimal;
  readonly reserved: Decimal;
  /** Remaining cost of the lots, without fees. */
  readonly cost: Decimal;
  /** Counts the changes; also the version of the event about each. */
  readonly version: number;
};

export const keyOf = ({ accountId, assetId }: PositionKey): string => `${accountId}:${assetId}`;

/** What no open sale has set aside. */
export const freeOf = ({ quantity, reserved }: Position): Decimal => quantity.minus(reserved);
