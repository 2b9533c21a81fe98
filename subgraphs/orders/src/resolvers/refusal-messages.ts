import type { CancelOrderRefusalCode, OrderRefusalCode } from '../generated/graphql.ts';

/** In words for the customer; programs read the code. */
export const refusalMessages: Readonly<Record<OrderRefusalCode | CancelOrderRefusalCode, string>> =
  {
    QUANTITY_OR_AMOUNT: 'Give either a quantity or, for a buy, an amount.',
    QUANTITY_NOT_POSITIVE: 'The quantity must be greater than zero.',
    QUANTITY_PRECISION: 'A quantity has at most 9 decimals.',
    AMOUNT_BELOW_MINIMUM: 'The smallest amount is 1.00.',
    AMOUNT_PRECISION: 'The amount has more decimals than its currency.',
    NOT_FRACTIONABLE: 'This asset is traded in whole units only.',
    PRICE_REQUIRED: 'A limit order needs a limit price.',
    PRICE_NOT_ALLOWED: 'A market order takes no limit price.',
    PRICE_NOT_POSITIVE: 'The limit price must be greater than zero.',
    PRICE_OFF_TICK: 'Prices move in steps of 0.01 from 1.00 on, and of 0.0001 below.',
    TIME_IN_FORCE_NOT_ALLOWED: 'Parts of a share and amounts are good for the day only.',
    ASSET_NOT_TRADABLE: 'This asset cannot be traded.',
    ASSET_SELL_ONLY: 'This asset can only be sold.',
    ASSET_HALTED: 'Trading in this asset is halted.',
    PRICE_UNAVAILABLE: 'There is no current price for this asset.',
    ACCOUNT_STATUS: 'The state of the account does not allow this.',
    CURRENCY_MISMATCH: 'Account and asset have different currencies.',
    ORDER_TOO_LARGE: 'The order is larger than we accept.',
    IDEMPOTENCY_KEY_REUSED: 'This idempotency key was used for another request.',
    NOT_CANCELABLE: 'The order has ended or is being canceled already.',
  };
