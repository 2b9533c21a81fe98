import type { Cause, EventContract, Fact } from '@simplebank/contracts/event';
import {
  OrderCanceledV1,
  OrderCancelRequestedV1,
  OrderCompletedV1,
  OrderCreatedV1,
  OrderExpiredV1,
  OrderFilledV1,
  OrderOpenedV1,
  OrderRebasedV1,
  OrderRejectedV1,
} from '@simplebank/contracts/orders';
import type { Decimal } from '@simplebank/kernel/decimal';
import type { Step } from '../domain/advance.ts';
import { totalOf } from '../domain/fees.ts';
import { leavesOf, type Order, type Side } from '../domain/order.ts';
import type { Rebasing } from '../domain/split.ts';
import { isFinal, liveStatuses } from '../domain/status.ts';

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
  rebalanceRunId: order.rebalanceRunId,
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
  if (entry.to === 'OPEN' && entry.from !== 'OPEN' && entry.event !== 'CANCEL_REFUSED') {
    tell(OrderOpenedV1, first, opened(order));
  }
  if (entry.execution) tell(OrderFilledV1, first, filled({ entry, order }));
  const { rebasing } = entry;
  if (rebasing?.goesOn && !isFinal(entry.to)) {
    tell(OrderRebasedV1, first, rebased(order, rebasing));
  }
  // A split has filled it, and the venue does not know: it must trade no more of it.
  const isFilledHere = entry.event === 'REBASED' && entry.to === 'FILLED';
  if (isFilledHere && wasLive(entry)) tell(OrderCancelRequestedV1, first, { orderId: order.id });
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

const wasLive = ({ from }: Step['entry']): boolean => liveStatuses.some((live) => live === from);

const created = (order: Order): OrderCreatedV1 => ({
  ...named(order),
  customerId: order.customerId,
  type: order.type,
  timeInForce: order.timeInForce,
  quantity: text(order.quantity),
  amount: text(order.amount),
  limitPrice: text(order.limitPrice),
  stopPrice: text(order.stopPrice),
  holdAmount: text(order.holdAmount),
  strategyOrderId: order.strategyOrderId,
  rebalanceRunId: order.rebalanceRunId,
});

const opened = (order: Order): OrderOpenedV1 => ({
  ...named(order),
  type: order.type,
  timeInForce: order.timeInForce,
  quantity: text(order.quantity),
  tradeValue: text(order.tradeValue),
  limitPrice: order.venuePrice.toFixed(),
  stopPrice: text(order.stopPrice),
  expiresAt: order.expiresAt.toISOString(),
});

const rebased = (order: Order, { split }: Rebasing): OrderRebasedV1 => ({
  ...named(order),
  ...split,
  quantity: text(order.quantity),
  leavesQuantity: text(leavesOf(order, order.filledQuantity)),
  limitPrice: order.venuePrice.toFixed(),
  stopPrice: text(order.stopPrice),
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

/** A part of a strategy order or a rebalancing that was refused before it became an order. */
export type RefusedPart = {
  /** The id that the order would have had; it makes the fact's aggregate the same in a replay. */
  readonly id: string;
  readonly accountId: string;
  readonly assetId: string;
  readonly symbol: string;
  readonly currency: string;
  readonly side: Side;
  readonly strategyOrderId: string | null;
  readonly rebalanceRunId: string | null;
  readonly code: string;
};

export const partRefused = (part: RefusedPart, cause: Cause): Fact<OrderRejectedV1> => {
  const { id, ...told } = part;
  return {
    contract: OrderRejectedV1,
    aggregateId: id,
    aggregateVersion: 1,
    payload: { ...told, orderId: null },
    cause,
  };
};
