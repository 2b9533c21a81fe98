import { Decimal } from '@simplebank/kernel/decimal';
import type { AccountId, AssetId } from '@simplebank/kernel/ids';
import { type Money, priceDecimals } from '@simplebank/kernel/money';
import { type KnownPrice, worthAt } from './known-price.ts';

/** A position with what is known of its asset, all of it from our own copies. */
export type Holding = {
  readonly accountId: AccountId;
  readonly assetId: AssetId;
  readonly symbol: string | null;
  readonly name: string | null;
  readonly quantity: Decimal;
  readonly reserved: Decimal;
  readonly cost: Money;
  readonly lastPrice: KnownPrice | null;
};

/** Where a holding stands in its account's list: by symbol, then by id. */
export type HoldingPlace = { readonly symbol: string; readonly assetId: string };
export const placeOfHolding = ({ symbol, assetId }: Holding): HoldingPlace => ({
  symbol: symbol ?? '',
  assetId,
});

/** Quantity at the last price, half up to the cent for display; null without a price. */
export function currentValue({ quantity, cost, lastPrice }: Holding): Money | null {
  if (!lastPrice) return null;
  const { currency } = cost;
  return { amount: worthAt(quantity, lastPrice, currency), currency };
}

/** Value less remaining cost (domain §4.2); null without a price. */
export function unrealizedGain(holding: Holding): Money | null {
  const value = currentValue(holding);
  return value && { ...value, amount: value.amount.minus(holding.cost.amount) };
}

/** Cost per share, half up to 6 decimals, for display only (domain §1). */
export const averagePrice = ({ cost, quantity }: Holding): Decimal =>
  cost.amount.div(quantity).toDecimalPlaces(priceDecimals, Decimal.ROUND_HALF_UP);
