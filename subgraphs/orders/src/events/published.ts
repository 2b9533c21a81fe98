import type { Cause, EventContract, Fact } from '@simplebank/contracts/event';
import {
  OrderCanceledV1,
  OrderCancelRequestedV1,
  OrderCompletedV1,
  OrderCreatedV1,
  OrderExpiredV1,
  OrderFilledV1,
  OrderOpenedV1,
  OrderRejectedV1,
} from '@simplebank/contracts/orders';
import type { Decimal } from '@simplebank/kernel/decimal';
import type { Step } from '../domain/advance.ts';
import { totalOf } from '../domain/fees.ts';
import type { Order } from '../domain/order.ts';
import { isFinal } from '../domain/status.ts';

const text = (value: Decimal | null): string | null => value?.toFixed() ?? null;

const named = (order: Order) => ({
  orderId: order.id,
  accountId: order.accountId,
  assetId: order.assetId,
  symbol: order.symbol,
  side: order.side,
  currency: order.currency,
});

const ending = (order: Order) => ({
  ...named(order),
  code: order.code,
  strategyOrderId: order.strategyOrderId,
});

/**
 * What the world learns from one line of an order's history. A line tells at most two facts, so
 * line n has the versions 2n - 1 and 2n: they rise with the history, whoever replays it.
 */
export function factsOf({ entry, order }: Step, cause: Cause): Fact[] {
  const first = 2 * entry.sequence - 1;
  const facts: Fact[] = [];
  const tell = <P>(contract: EventContract<string, P>, aggregateVersion: number, payload: P) =>
    facts.push({ contract, aggregateId: order.id, aggregateVersion, payload, cause });

  if (entry.event === 'CREATED') tell(OrderCreatedV1, first, created(order));
  if (entry.to === 'OPEN' && entry.event !== 'CANCEL_REFUSED') {
    tell(OrderOpenedV1, first, opened(order));
  }
  if (entry.execution) tell(OrderFilledV1, first, filled({ entry, order }));
  if (entry.to !== entry.from) {
    if (entry.to === 'CANCEL_PENDING') tell(OrderCancelRequestedV1, first, { orderId: order.id });
    if (entry.to === 'CANCELED') tell(OrderCanceledV1, first, ending(order));
    if (entry.to === 'EXPIRED') tell(OrderExpiredV1, first, ending(order));
    if (entry.to === 'REJECTED') tell(OrderRejectedV1, first, rejected(order));
  }
  const ended = isFinal(entry.to) && (entry.to !== entry.from || entry.execution !== null);
  if (ended) tell(OrderCompletedV1, first + 1, completed(order));
  return facts;
}

const created = (order: Order): OrderCreatedV1 => ({
  ...named(order),
  customerId: order.customerId,
  type: order.type,
  timeInForce: order.timeInForce,
  quantity: text(order.quantity),
  amount: text(order.amount),
  limitPrice: text(order.limitPrice),
  holdAmount: text(order.holdAmount),
  strategyOrderId: order.strategyOrderId,
});

const opened = (order: Order): OrderOpenedV1 => ({
  ...named(order),
  type: order.type,
  timeInForce: order.timeInForce,
  quantity: text(order.quantity),
  tradeValue: text(order.tradeValue),
  limitPrice: order.venuePrice.toFixed(),
  expiresAt: order.expiresAt.toISOString(),
});

function filled({ entry, order }: Step): OrderFilledV1 {
  const { execution } = entry;
  if (!execution) throw new Error(`order ${order.id}: line ${entry.sequence} is no execution`);
  const { commission, sec, taf } = execution.fees;
  return {
    ...named(order),
    executionId: execution.id,
    quantity: execution.quantity.toFixed(),
    price: execution.price.toFixed(),
    value: execution.value.toFixed(),
    fees: { commission: commission.toFixed(), sec: sec.toFixed(), taf: taf.toFixed() },
    cumulativeQuantity: entry.cumulativeQuantity.toFixed(),
    leavesQuantity: text(entry.leavesQuantity),
    executions: order.executions,
    executedAt: execution.executedAt.toISOString(),
    tradeDate: execution.tradeDate,
    settlementDate: execution.settlementDate,
    late: execution.late,
  };
}

function rejected(order: Order): OrderRejectedV1 {
  if (!order.code) throw new Error(`order ${order.id} is rejected without a code`);
  return { ...ending(order), code: order.code };
}

function completed(order: Order): OrderCompletedV1 {
  const { status } = order;
  if (!isFinal(status)) throw new Error(`order ${order.id} is ${status}, which is no end`);
  return {
    ...ending(order),
    customerId: order.customerId,
    status,
    filledQuantity: order.filledQuantity.toFixed(),
    value: order.filledValue.toFixed(),
    fees: totalOf(order.fees).toFixed(),
    executions: order.executions,
  };
}

/** A part of a strategy order that was refused before it became an order. */
export type RefusedPart = {
  /** The id that the order would have had; it makes the fact's aggregate the same in a replay. */
  readonly id: string;
  readonly accountId: string;
  readonly assetId: string;
  readonly symbol: string;
  readonly currency: string;
  readonly strategyOrderId: string;
  readonly code: string;
};

export const partRefused = (part: RefusedPart, cause: Cause): Fact<OrderRejectedV1> => {
  const { id, ...told } = part;
  return {
    contract: OrderRejectedV1,
    aggregateId: id,
    aggregateVersion: 1,
    payload: { ...told, orderId: null, side: 'BUY' },
    cause,
  };
};
