import { z } from 'zod';
import { currency, decimal, event, instant, localDate, type PayloadOf } from './event.ts';

export const sides = ['BUY', 'SELL'] as const;
export const orderTypes = ['MARKET', 'LIMIT', 'STOP', 'STOP_LIMIT'] as const;
export const timesInForce = ['DAY', 'GTC', 'IOC', 'FOK'] as const;
export const finalStatuses = ['FILLED', 'CANCELED', 'EXPIRED', 'REJECTED', 'FAILED'] as const;

const order = {
  orderId: z.uuid(),
  accountId: z.uuid(),
  assetId: z.uuid(),
  symbol: z.string(),
  side: z.enum(sides),
  currency,
};

/** Either `quantity` or `amount` is set. A buy says what to hold, a sale reserves its quantity. */
export const OrderCreatedV1 = event(
  'orders.order-created.v1',
  z.object({
    ...order,
    customerId: z.uuid(),
    type: z.enum(orderTypes),
    timeInForce: z.enum(timesInForce),
    quantity: decimal.nullable(),
    amount: decimal.nullable(),
    limitPrice: decimal.nullable(),
    stopPrice: decimal.nullable().optional(),
    holdAmount: decimal.nullable(),
    strategyOrderId: z.uuid().nullable(),
    rebalanceRunId: z.uuid().nullable().optional(),
  }),
);
export type OrderCreatedV1 = PayloadOf<typeof OrderCreatedV1>;

/**
 * Money or shares are set aside: the market may see the order. `limitPrice` is the limit or the
 * collar, so the venue always gets a limit. `tradeValue` is the most that an order by amount may
 * spend on shares, its commission being inside the amount. A STOP or STOP_LIMIT order carries
 * `stopPrice`: it trades once the last price has reached it, then as the limit says.
 */
export const OrderOpenedV1 = event(
  'orders.order-opened.v1',
  z.object({
    ...order,
    type: z.enum(orderTypes),
    timeInForce: z.enum(timesInForce),
    quantity: decimal.nullable(),
    tradeValue: decimal.nullable(),
    limitPrice: decimal,
    stopPrice: decimal.nullable().optional(),
    expiresAt: instant,
  }),
);
export type OrderOpenedV1 = PayloadOf<typeof OrderOpenedV1>;

export const OrderCancelRequestedV1 = event(
  'orders.order-cancel-requested.v1',
  z.object({ orderId: z.uuid() }),
);
export type OrderCancelRequestedV1 = PayloadOf<typeof OrderCancelRequestedV1>;

/** One per execution: its own quantity, price, value and fees, and the running totals. */
export const OrderFilledV1 = event(
  'orders.order-filled.v1',
  z.object({
    ...order,
    executionId: z.string(),
    quantity: decimal,
    price: decimal,
    value: decimal,
    fees: z.object({ commission: decimal, sec: decimal, taf: decimal }),
    cumulativeQuantity: decimal,
    leavesQuantity: decimal.nullable(),
    executions: z.number().int().positive(),
    executedAt: instant,
    tradeDate: localDate,
    settlementDate: localDate,
    late: z.boolean(),
  }),
);
export type OrderFilledV1 = PayloadOf<typeof OrderFilledV1>;

const ending = {
  ...order,
  code: z.string().nullable(),
  strategyOrderId: z.uuid().nullable(),
  rebalanceRunId: z.uuid().nullable().optional(),
};

/**
 * A split has put an open order on the new basis: new shares (`numerator`) for old ones
 * (`denominator`). An execution whose trade date lies before `exDate` took old shares, whenever it
 * is told; `quantity` is all executions as they were, and what is left in new shares. An order by
 * amount has no quantity: its prices move and its money does not.
 */
export const OrderRebasedV1 = event(
  'orders.order-rebased.v1',
  z.object({
    ...order,
    actionId: z.uuid(),
    exDate: localDate,
    numerator: z.number().int().positive(),
    denominator: z.number().int().positive(),
    quantity: decimal.nullable(),
    leavesQuantity: decimal.nullable(),
    limitPrice: decimal,
    stopPrice: decimal.nullable(),
  }),
);
export type OrderRebasedV1 = PayloadOf<typeof OrderRebasedV1>;

export const OrderCanceledV1 = event('orders.order-canceled.v1', z.object(ending));
export type OrderCanceledV1 = PayloadOf<typeof OrderCanceledV1>;

export const OrderExpiredV1 = event('orders.order-expired.v1', z.object(ending));
export type OrderExpiredV1 = PayloadOf<typeof OrderExpiredV1>;

/** `orderId` is null for a part of a strategy order that was refused before it became an order. */
export const OrderRejectedV1 = event(
  'orders.order-rejected.v1',
  z.object({ ...ending, orderId: z.uuid().nullable(), code: z.string() }),
);
export type OrderRejectedV1 = PayloadOf<typeof OrderRejectedV1>;

/** Follows every final state. Whoever set money or shares aside releases the rest when it has
 *  booked this many executions, whatever arrives first. Totals are over all executions. */
export const OrderCompletedV1 = event(
  'orders.order-completed.v1',
  z.object({
    ...ending,
    customerId: z.uuid(),
    status: z.enum(finalStatuses),
    filledQuantity: decimal,
    value: decimal,
    fees: decimal,
    executions: z.number().int().nonnegative(),
  }),
);
export type OrderCompletedV1 = PayloadOf<typeof OrderCompletedV1>;
