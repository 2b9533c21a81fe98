import { Decimal, decimalsOf } from '@simplebank/kernel/decimal';
import { type Currency, minorDigitsOf, quantityDecimals } from '@simplebank/kernel/money';
import type { Asked, TermsRefusal } from './draft.ts';
import type { OrderType, TimeInForce } from './order.ts';
import { isOnTick, type Ticks } from './ticks.ts';

const minimumAmount = new Decimal(1);

/** Which prices a type of order has (domain §3.4); the others are not allowed. */
const pricesOf: Readonly<Record<OrderType, { readonly limit: boolean; readonly stop: boolean }>> = {
  MARKET: { limit: false, stop: false },
  LIMIT: { limit: true, stop: false },
  STOP: { limit: false, stop: true },
  STOP_LIMIT: { limit: true, stop: true },
};

/** Trades when it arrives at the venue, or never. */
export const isAtOnce = (timeInForce: TimeInForce): boolean =>
  timeInForce === 'IOC' || timeInForce === 'FOK';

/** What an order is written in: the currency of its money, the steps of its prices. */
export type Units = { readonly currency: Currency; readonly ticks: Ticks };

/** What is wrong with the order itself, whatever the states of asset and account and the hour. */
export function formRefusal(asked: Asked, { currency, ticks }: Units): TermsRefusal | null {
  return sizeRefusal(asked, currency) ?? priceRefusal(asked, ticks) ?? timeRefusal(asked);
}

function sizeRefusal(asked: Asked, currency: Currency): TermsRefusal | null {
  const { quantity, amount, side } = asked;
  if ((quantity === null) === (amount === null)) return 'QUANTITY_OR_AMOUNT';
  // Sales by amount are not offered; a sale is by quantity.
  if (amount && side === 'SELL') return 'QUANTITY_OR_AMOUNT';
  if (quantity && !quantity.greaterThan(0)) return 'QUANTITY_NOT_POSITIVE';
  if (quantity && decimalsOf(quantity) > quantityDecimals) return 'QUANTITY_PRECISION';
  if (amount && decimalsOf(amount) > minorDigitsOf(currency)) return 'AMOUNT_PRECISION';
  if (amount?.lessThan(minimumAmount)) return 'AMOUNT_BELOW_MINIMUM';
  return null;
}

function priceRefusal(asked: Asked, ticks: Ticks): TermsRefusal | null {
  const { type, limitPrice, stopPrice } = asked;
  const { limit, stop } = pricesOf[type];
  if ((limit && limitPrice === null) || (stop && stopPrice === null)) return 'PRICE_REQUIRED';
  if ((!limit && limitPrice !== null) || (!stop && stopPrice !== null)) return 'PRICE_NOT_ALLOWED';
  const prices = [limitPrice, stopPrice].filter((price) => price !== null);
  if (prices.some((price) => !price.greaterThan(0))) return 'PRICE_NOT_POSITIVE';
  return prices.every((price) => isOnTick(price, ticks)) ? null : 'PRICE_OFF_TICK';
}

/**
 * Parts of a share, and so money, trade within one day only. A stop waits for its price, which an
 * order that trades at once or never cannot.
 */
function timeRefusal({ timeInForce, quantity, stopPrice }: Asked): TermsRefusal | null {
  if (timeInForce === 'DAY') return null;
  if (!quantity?.isInteger()) return 'TIME_IN_FORCE_NOT_ALLOWED';
  return isAtOnce(timeInForce) && stopPrice ? 'TIME_IN_FORCE_NOT_ALLOWED' : null;
}
