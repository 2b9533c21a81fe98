import type { Currency } from '@simplebank/kernel/money';
import type { Execution } from '../domain/execution.ts';
import type { Entry } from '../domain/history.ts';
import type { Rebasing } from '../domain/split.ts';
import type { OrderStatus } from '../domain/status.ts';
import type { OrderEvent, Origin } from '../domain/transitions.ts';
import type { Prisma } from './client.ts';
import { dateOf, decimalOf, decimalOrNull } from './order-rows.ts';

export type EntryRow = Prisma.OrderEventGetPayload<null>;

/** One line of history as JSON for `jsonb_to_recordset`. */
export const entryJson = (orderId: string, entry: Entry) => ({
  order_id: orderId,
  sequence: entry.sequence,
  event: entry.event,
  from_status: entry.from,
  to_status: entry.to,
  code: entry.code,
  cumulative_quantity: entry.cumulativeQuantity,
  leaves_quantity: entry.leavesQuantity,
  ...(entry.execution && executionJson(entry.execution)),
  venue_order_id: entry.venueOrderId,
  ended_executions: entry.endedExecutions,
  actor_id: entry.actorId,
  cause_id: entry.causeId,
  occurred_at: entry.occurredAt,
  ...(entry.orderQuantity && { order_quantity: entry.orderQuantity }),
  ...(entry.rebasing && rebasingJson(entry.rebasing)),
});

const rebasingJson = ({ split, before, after, goesOn }: Rebasing) => ({
  action_id: split.actionId,
  ex_date: split.exDate,
  numerator: split.numerator,
  denominator: split.denominator,
  goes_on: goesOn,
  order_quantity: after.quantity,
  quantity_before: before.quantity,
  limit_price_before: before.limitPrice,
  limit_price_after: after.limitPrice,
  stop_price_before: before.stopPrice,
  stop_price_after: after.stopPrice,
  venue_price_before: before.venuePrice,
  venue_price_after: after.venuePrice,
});

const executionJson = (execution: Execution) => ({
  execution_id: execution.id,
  quantity: execution.quantity,
  price: execution.price,
  value: execution.value,
  commission_fee: execution.fees.commission,
  sec_fee: execution.fees.sec,
  taf_fee: execution.fees.taf,
  executed_at: execution.executedAt,
  trade_date: execution.tradeDate,
  settlement_date: execution.settlementDate,
  late: execution.late,
});

export const toEntry = (row: EntryRow, currency: Currency): Entry => ({
  sequence: row.sequence,
  event: row.event as OrderEvent,
  from: row.fromStatus as Origin,
  to: row.toStatus as OrderStatus,
  code: row.code,
  cumulativeQuantity: decimalOf(row.cumulativeQuantity),
  leavesQuantity: decimalOrNull(row.leavesQuantity),
  rebasing: toRebasing(row),
  orderQuantity: row.actionId === null ? decimalOrNull(row.orderQuantity) : null,
  execution: toExecution(row, currency),
  venueOrderId: row.venueOrderId,
  endedExecutions: row.endedExecutions,
  actorId: row.actorId,
  causeId: row.causeId,
  occurredAt: row.occurredAt,
});

/** Null for a line that is no execution; the columns of one are set together, by CHECK. */
export function toExecution(row: EntryRow, currency: Currency): Execution | null {
  const { executionId, quantity, price, value, commissionFee, secFee, tafFee } = row;
  const { executedAt, tradeDate, settlementDate, late } = row;
  if (!executionId || !quantity || !price || !value) return null;
  if (!commissionFee || !secFee || !tafFee) return null;
  if (!executedAt || !tradeDate || !settlementDate || late === null) return null;
  return {
    id: executionId,
    quantity: decimalOf(quantity),
    price: decimalOf(price),
    currency,
    value: decimalOf(value),
    fees: {
      commission: decimalOf(commissionFee),
      sec: decimalOf(secFee),
      taf: decimalOf(tafFee),
    },
    executedAt,
    tradeDate: dateOf(tradeDate),
    settlementDate: dateOf(settlementDate),
    late,
  };
}

/** The columns that tell of a split; a CHECK sets those without a null together. */
export type RebasingRow = Pick<
  EntryRow,
  | ('actionId' | 'exDate' | 'numerator' | 'denominator' | 'goesOn' | 'orderQuantity')
  | ('quantityBefore' | 'limitPriceBefore' | 'limitPriceAfter' | 'stopPriceBefore')
  | ('stopPriceAfter' | 'venuePriceBefore' | 'venuePriceAfter')
>;

/** Null for a line that is no split. */
export function toRebasing(row: RebasingRow): Rebasing | null {
  const { actionId, exDate, numerator, denominator, goesOn } = row;
  const { venuePriceBefore, venuePriceAfter } = row;
  if (actionId === null || exDate === null || numerator === null) return null;
  if (denominator === null || goesOn === null) return null;
  if (venuePriceBefore === null || venuePriceAfter === null) return null;
  return {
    split: { actionId, exDate: dateOf(exDate), numerator, denominator },
    before: {
      quantity: decimalOrNull(row.quantityBefore),
      limitPrice: decimalOrNull(row.limitPriceBefore),
      stopPrice: decimalOrNull(row.stopPriceBefore),
      venuePrice: decimalOf(venuePriceBefore),
    },
    after: {
      quantity: decimalOrNull(row.orderQuantity),
      limitPrice: decimalOrNull(row.limitPriceAfter),
      stopPrice: decimalOrNull(row.stopPriceAfter),
      venuePrice: decimalOf(venuePriceAfter),
    },
    goesOn,
  };
}
