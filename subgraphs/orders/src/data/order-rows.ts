import { Decimal } from '@simplebank/kernel/decimal';
import { isCurrency } from '@simplebank/kernel/money';
import { isCommissionPlan } from '../domain/fee-schedule.ts';
import type { Order, OrderType, Side, TimeInForce } from '../domain/order.ts';
import { stepOf } from '../domain/process.ts';
import type { OrderStatus } from '../domain/status.ts';
import { Prisma } from './client.ts';

/** A row of "order" as Prisma and `orderColumns` name it. */
export type OrderRow = Prisma.OrderGetPayload<null>;

type PrismaDecimal = { toFixed(): string };

/** Numbers enter the kernel as text, digit for digit. */
export const decimalOf = (value: PrismaDecimal): Decimal => new Decimal(value.toFixed());
export const decimalOrNull = (value: PrismaDecimal | null): Decimal | null =>
  value && decimalOf(value);

/** A DATE column is midnight in UTC. */
export const dateOf = (value: Date): string => value.toISOString().slice(0, 10);

/** Raw reads of "order" o: every column under its Prisma name, so that one mapping serves both. */
export const orderColumns = columns(
  'o',
  `id customerId idempotencyKey requestHash accountId assetId symbol assetName currency side type
   timeInForce quantity amount limitPrice stopPrice venuePrice tradeValue holdAmount commissionPlan
   commissionDate strategyOrderId rebalanceRunId expiresAt createdAt status code version
   venueOrderId filledQuantity filledGross filledValue commissionFee secFee tafFee executions
   lateFill rebasings updatedAt`,
);

/** `alias.snake_case AS "camelCase"` for each name. */
export function columns(alias: string, names: string): Prisma.Sql {
  const shown = names
    .trim()
    .split(/\s+/)
    .map((name) => `${alias}.${snake(name)} AS "${name}"`);
  return Prisma.raw(shown.join(', '));
}

function snake(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** Rows by a key, each group in the order of the rows. */
export function grouped<Row>(rows: readonly Row[], keyOf: (row: Row) => string) {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group) group.push(row);
    else groups.set(keyOf(row), [row]);
  }
  return groups;
}

/** The casts are the point where a row enters; CHECK constraints hold the same lists. */
export function toOrder(row: OrderRow): Order {
  if (!isCurrency(row.currency)) throw new Error(`order ${row.id} is in ${row.currency}`);
  if (!isCommissionPlan(row.commissionPlan)) {
    throw new Error(`order ${row.id} is on plan ${row.commissionPlan}`);
  }
  return {
    ...row,
    currency: row.currency,
    commissionPlan: row.commissionPlan,
    side: row.side as Side,
    type: row.type as OrderType,
    timeInForce: row.timeInForce as TimeInForce,
    status: row.status as OrderStatus,
    quantity: decimalOrNull(row.quantity),
    amount: decimalOrNull(row.amount),
    limitPrice: decimalOrNull(row.limitPrice),
    stopPrice: decimalOrNull(row.stopPrice),
    venuePrice: decimalOf(row.venuePrice),
    tradeValue: decimalOrNull(row.tradeValue),
    holdAmount: decimalOrNull(row.holdAmount),
    commissionDate: dateOf(row.commissionDate),
    filledQuantity: decimalOf(row.filledQuantity),
    filledGross: decimalOf(row.filledGross),
    filledValue: decimalOf(row.filledValue),
    fees: {
      commission: decimalOf(row.commissionFee),
      sec: decimalOf(row.secFee),
      taf: decimalOf(row.tafFee),
    },
  };
}

/** The terms of a new order as JSON for `jsonb_to_recordset`; decimals travel as text. */
export const termsJson = (order: Order) => ({
  id: order.id,
  customer_id: order.customerId,
  idempotency_key: order.idempotencyKey,
  request_hash: order.requestHash,
  account_id: order.accountId,
  asset_id: order.assetId,
  symbol: order.symbol,
  asset_name: order.assetName,
  currency: order.currency,
  side: order.side,
  type: order.type,
  time_in_force: order.timeInForce,
  quantity: order.quantity,
  amount: order.amount,
  limit_price: order.limitPrice,
  stop_price: order.stopPrice,
  venue_price: order.venuePrice,
  trade_value: order.tradeValue,
  hold_amount: order.holdAmount,
  commission_plan: order.commissionPlan,
  commission_date: order.commissionDate,
  strategy_order_id: order.strategyOrderId,
  rebalance_run_id: order.rebalanceRunId,
  expires_at: order.expiresAt,
  created_at: order.createdAt,
});

/** What changes about an order (its terms by splits only), and how far its process has come. */
export const progressJson = (order: Order) => ({
  id: order.id,
  status: order.status,
  code: order.code,
  version: order.version,
  venue_order_id: order.venueOrderId,
  filled_quantity: order.filledQuantity,
  filled_gross: order.filledGross,
  filled_value: order.filledValue,
  commission_fee: order.fees.commission,
  sec_fee: order.fees.sec,
  taf_fee: order.fees.taf,
  executions: order.executions,
  late_fill: order.lateFill,
  quantity: order.quantity,
  limit_price: order.limitPrice,
  stop_price: order.stopPrice,
  venue_price: order.venuePrice,
  rebasings: order.rebasings,
  updated_at: order.updatedAt,
  ...stepOf(order),
});
