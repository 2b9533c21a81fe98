import type {
  CancelOrderForCustomerRefusalCode,
  CancelOrderRefusalCode,
  EndStuckOrderRefusalCode,
  OrderRefusalCode,
  OrderWarningCode,
  ResolveOrderExceptionRefusalCode,
  SetCommissionPlanRefusalCode,
} from '../generated/graphql.ts';

type Code =
  | OrderRefusalCode
  | CancelOrderRefusalCode
  | CancelOrderForCustomerRefusalCode
  | ResolveOrderExceptionRefusalCode
  | EndStuckOrderRefusalCode
  | SetCommissionPlanRefusalCode;

/** In words for the customer; programs read the code. */
export const refusalMessages: Readonly<Record<Code, string>> = {
  QUANTITY_OR_AMOUNT: 'Give either a quantity or, for a buy, an amount.',
  QUANTITY_NOT_POSITIVE: 'The quantity must be greater than zero.',
  QUANTITY_PRECISION: 'A quantity has at most 9 decimals.',
  AMOUNT_BELOW_MINIMUM: 'The smallest amount is 1.00.',
  AMOUNT_PRECISION: 'The amount has more decimals than its currency.',
  NOT_FRACTIONABLE: 'This asset is traded in whole units only.',
  PRICE_REQUIRED: 'This type of order needs a price that is missing.',
  PRICE_NOT_ALLOWED: 'This type of order does not take this price.',
  PRICE_NOT_POSITIVE: 'A price must be greater than zero.',
  PRICE_OFF_TICK: 'The price is not in the steps in which this asset trades.',
  TIME_IN_FORCE_NOT_ALLOWED:
    'Parts of a share and amounts are DAY only; IOC and FOK need an open market and no stop.',
  ASSET_NOT_TRADABLE: 'This asset cannot be traded.',
  ASSET_SELL_ONLY: 'This asset can only be sold.',
  ASSET_HALTED: 'Trading in this asset is halted.',
  PRICE_UNAVAILABLE: 'There is no current price for this asset.',
  ACCOUNT_STATUS: 'The state of the account does not allow this.',
  CURRENCY_MISMATCH: 'Account and asset have different currencies.',
  ORDER_TOO_LARGE: 'The order is larger than we accept.',
  CALENDAR_UNKNOWN: 'The order could trade or settle in a year that our trading calendar lacks.',
  IDEMPOTENCY_KEY_REUSED: 'This idempotency key was used for another request.',
  NOT_CANCELABLE: 'The order has ended or is being canceled already.',
  NOT_LIVE: 'The order has ended, or the venue has never had it.',
  NOT_STUCK: 'Nothing shows that the venue is done with this order.',
  ALREADY_RESOLVED: 'Somebody has resolved this exception already.',
  PLAN_UNCHANGED: 'The account is on this plan already.',
};

export const warningMessages: Readonly<Record<OrderWarningCode, string>> = {
  MARKET_CLOSED: 'The market is closed; the order waits until it opens.',
  PRICE_STALE: 'The last known price is older than 15 minutes.',
  STOP_TRIGGERS_AT_ONCE: 'The price has reached the stop already; the order triggers at once.',
  LIMIT_TRADES_AT_ONCE: 'The limit is as good as the market; the order trades at once.',
  LIMIT_BEYOND_STOP: 'The limit is on the wrong side of the stop; the order may never trade.',
  AMOUNT_LEAVES_REMAINDER: 'A part of the amount buys nothing and goes back.',
  FEES_TAKE_PROCEEDS: 'The fees take all that the sale brings.',
};
