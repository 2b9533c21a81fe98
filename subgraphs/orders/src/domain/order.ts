import { Decimal } from '@simplebank/kernel/decimal';
import type { Currency } from '@simplebank/kernel/money';
import { priceDecimals } from '@simplebank/kernel/money';
import type { CommissionPlan } from './fee-schedule.ts';
import type { CommissionTerms, Fees } from './fees.ts';
import type { OrderStatus } from './status.ts';

export type Side = 'BUY' | 'SELL';
export type OrderType = 'MARKET' | 'LIMIT' | 'STOP' | 'STOP_LIMIT';
export type TimeInForce = 'DAY' | 'GTC' | 'IOC' | 'FOK';

/** What was agreed when the order was placed. Only splits change its quantity and its prices. */
export type Terms = {
  readonly id: string;
  readonly customerId: string;
  readonly idempotencyKey: string;
  readonly requestHash: string;
  readonly accountId: string;
  readonly assetId: string;
  readonly symbol: string;
  readonly assetName: string;
  readonly currency: Currency;
  readonly side: Side;
  readonly type: OrderType;
  readonly timeInForce: TimeInForce;
  /** Either `quantity` or `amount` is set, and `tradeValue` with the amount. */
  readonly quantity: Decimal | null;
  readonly amount: Decimal | null;
  readonly limitPrice: Decimal | null;
  /** What the last price must reach before the order trades; set for stops only. */
  readonly stopPrice: Decimal | null;
  /** What the venue gets as limit: the limit, or the collar of a market order or of a stop. */
  readonly venuePrice: Decimal;
  readonly tradeValue: Decimal | null;
  readonly holdAmount: Decimal | null;
  readonly commissionPlan: CommissionPlan;
  readonly commissionDate: string;
  readonly strategyOrderId: string | null;
  readonly rebalanceRunId: string | null;
  readonly expiresAt: Date;
  readonly createdAt: Date;
};

/** What has happened since; equal to the replay of the order's history. */
export type Progress = {
  readonly status: OrderStatus;
  readonly code: string | null;
  readonly version: number;
  readonly venueOrderId: string | null;
  readonly filledQuantity: Decimal;
  /** The exact sum of quantity × price, and that sum rounded once. */
  readonly filledGross: Decimal;
  readonly filledValue: Decimal;
  readonly fees: Fees;
  readonly executions: number;
  readonly lateFill: boolean;
  /** How many splits have changed it. */
  readonly rebasings: number;
  readonly updatedAt: Date;
};

export type Order = Terms & Progress;

/** Far below what the columns hold, so that no valid order can break one (our choice). */
export const quantityMax = new Decimal(1_000_000_000);
export const priceMax = new Decimal(1_000_000);

export const commissionTermsOf = (order: Terms): CommissionTerms => ({
  plan: order.commissionPlan,
  date: order.commissionDate,
  currency: order.currency,
});

/** What is not filled yet; null for an order by amount, whose quantity its price decides. */
export const leavesOf = (
  { quantity }: Pick<Terms, 'quantity'>,
  filledQuantity: Decimal,
): Decimal | null => quantity?.minus(filledQuantity) ?? null;

type Filled = { readonly filledQuantity: Decimal; readonly filledGross: Decimal };

const smallestQuantity = new Decimal('0.000000001');

/**
 * Nothing is left of an order by amount once the rest no longer buys the smallest quantity at the
 * highest price. The price of the last execution would make it depend on the order of arrival.
 */
export function isWhole(terms: Terms, { filledQuantity, filledGross }: Filled): boolean {
  if (terms.quantity) return filledQuantity.equals(terms.quantity);
  if (!terms.tradeValue) throw new Error(`order ${terms.id} has neither quantity nor amount`);
  const rest = terms.tradeValue.minus(filledGross);
  return rest.lessThan(smallestQuantity.times(terms.venuePrice));
}

/** Past the quantity, or past the money meant for shares. */
export function isOverfilled(terms: Terms, { filledQuantity, filledGross }: Filled): boolean {
  if (terms.quantity && filledQuantity.greaterThan(terms.quantity)) return true;
  return terms.tradeValue !== null && filledGross.greaterThan(terms.tradeValue);
}

/** Exact average of the executions, half up to 6 decimals, for display; null before the first. */
export function averagePriceOf({ filledQuantity, filledGross }: Filled): Decimal | null {
  if (filledQuantity.isZero()) return null;
  return filledGross.div(filledQuantity).toDecimalPlaces(priceDecimals, Decimal.ROUND_HALF_UP);
}
