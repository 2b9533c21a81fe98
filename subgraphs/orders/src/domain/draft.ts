import type { Decimal } from '@simplebank/kernel/decimal';
import type { OrderType, Side, TimeInForce } from './order.ts';

/** What somebody asks an order to be. */
export type Asked = {
  readonly side: Side;
  readonly type: OrderType;
  readonly timeInForce: TimeInForce;
  readonly quantity: Decimal | null;
  readonly amount: Decimal | null;
  readonly limitPrice: Decimal | null;
  readonly stopPrice: Decimal | null;
};

/** What a customer, or a strategy on their behalf, asks for, and by which request. */
export type Draft = Asked & {
  readonly id: string;
  readonly customerId: string;
  readonly idempotencyKey: string;
  readonly requestHash: string;
  readonly strategyOrderId: string | null;
  readonly rebalanceRunId: string | null;
};

/** Why an order may not be placed (domain §3.3), its key apart. */
export type TermsRefusal =
  | 'QUANTITY_OR_AMOUNT'
  | 'QUANTITY_NOT_POSITIVE'
  | 'QUANTITY_PRECISION'
  | 'AMOUNT_BELOW_MINIMUM'
  | 'AMOUNT_PRECISION'
  | 'NOT_FRACTIONABLE'
  | 'PRICE_REQUIRED'
  | 'PRICE_NOT_ALLOWED'
  | 'PRICE_NOT_POSITIVE'
  | 'PRICE_OFF_TICK'
  | 'TIME_IN_FORCE_NOT_ALLOWED'
  | 'ASSET_NOT_TRADABLE'
  | 'ASSET_SELL_ONLY'
  | 'ASSET_HALTED'
  | 'PRICE_UNAVAILABLE'
  | 'ACCOUNT_STATUS'
  | 'CURRENCY_MISMATCH'
  | 'ORDER_TOO_LARGE'
  | 'CALENDAR_UNKNOWN';

export type RefusalCode = TermsRefusal | 'IDEMPOTENCY_KEY_REUSED';

/** Why a part of a strategy order or of a rebalancing did not become an order. */
export type PartRefusal = RefusalCode | 'TOO_SMALL_FOR_ONE_SHARE';
