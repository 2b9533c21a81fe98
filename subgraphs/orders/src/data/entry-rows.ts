import type { Currency } from '@simplebank/kernel/money';
import type { Execution } from '../domain/execution.ts';
import type { Entry } from '../domain/history.ts';
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
