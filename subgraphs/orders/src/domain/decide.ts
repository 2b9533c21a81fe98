import { settlementDate, tradeDateOf } from '@simplebank/kernel/calendar';
import { zero } from '@simplebank/kernel/decimal';
import { roundCash } from '@simplebank/kernel/money';
import type { Execution } from './execution.ts';
import { type DayTotal, feesOn, minus } from './fees.ts';
import { type Entry, evolve } from './history.ts';
import { comesFromVenue, isEnd, type Message, type Report } from './message.ts';
import { commissionTermsOf, isOverfilled, isWhole, leavesOf, type Order } from './order.ts';
import { isFinal, type OrderStatus } from './status.ts';
import { targetsOf } from './transitions.ts';

/** An order and what a decision about it needs beside its row. */
export type Dossier = {
  readonly order: Order;
  readonly days: readonly DayTotal[];
  readonly knownExecutions: ReadonlySet<string>;
  /** Told before what it builds on, in the order of arrival. */
  readonly waiting: readonly Waiting[];
};

export type Waiting = { readonly message: Message; readonly causeId: string };

export type Circumstances = {
  readonly now: Date;
  readonly marketOpen: boolean;
  readonly causeId: string | null;
};

export type ExceptionReason = 'ILLEGAL_TRANSITION' | 'OVERFILL';
export type Decision =
  | { readonly kind: 'moved'; readonly dossier: Dossier; readonly entry: Entry }
  /** It came before what it builds on: the opening of the order, or executions that it counts. */
  | { readonly kind: 'waiting' }
  /** A repeat: nothing to do. */
  | { readonly kind: 'known' }
  /** No row changes; staff decide. */
  | { readonly kind: 'exception'; readonly reason: ExceptionReason };

/** What a message does to an order, by the table of domain §3.1. */
export function decide(dossier: Dossier, message: Message, at: Circumstances): Decision {
  const { order } = dossier;
  if (message.event === 'EXECUTED' && dossier.knownExecutions.has(message.executionId)) {
    return { kind: 'known' };
  }
  if (!wasOpened(order.status) && comesFromVenue(message)) return { kind: 'waiting' };
  if (isEnd(message) && !isFinal(order.status) && order.executions < message.executions) {
    return { kind: 'waiting' };
  }
  const targets = targetsOf(order.status, message.event);
  if (targets.length === 0) return { kind: 'exception', reason: 'ILLEGAL_TRANSITION' };
  if (message.event === 'EXECUTED' && isOverfilled(order, totalsAfter(order, message))) {
    return { kind: 'exception', reason: 'OVERFILL' };
  }
  return move(dossier, message, at);
}

const wasOpened = (status: OrderStatus): boolean => status !== 'RESERVING' && status !== 'ACCEPTED';

const totalsAfter = (order: Order, { quantity, price }: Report) => ({
  filledQuantity: order.filledQuantity.plus(quantity),
  filledGross: order.filledGross.plus(quantity.times(price)),
});

function move(dossier: Dossier, message: Message, at: Circumstances): Decision {
  const { order } = dossier;
  const to = targetOf(order, message, at);
  if (!targetsOf(order.status, message.event).includes(to)) {
    throw new Error(`order ${order.id}: ${order.status} by ${message.event} to ${to} is no row`);
  }
  const days = message.event === 'EXECUTED' ? withDay(dossier.days, message) : dossier.days;
  const execution = message.event === 'EXECUTED' ? book(order, days, message) : null;
  const filled = execution ? order.filledQuantity.plus(execution.quantity) : order.filledQuantity;
  const entry: Entry = {
    sequence: order.version + 1,
    event: message.event,
    from: order.status,
    to,
    code: codeAfter(order, message, to),
    cumulativeQuantity: filled,
    leavesQuantity: leavesOf(order, filled),
    execution,
    venueOrderId: message.event === 'PLACED' ? message.venueOrderId : null,
    endedExecutions: isEnd(message) ? message.executions : null,
    actorId: message.event === 'CANCEL_ASKED' ? message.actorId : null,
    causeId: at.causeId,
    occurredAt: at.now,
  };
  const knownExecutions = execution
    ? new Set([...dossier.knownExecutions, execution.id])
    : dossier.knownExecutions;
  return {
    kind: 'moved',
    dossier: { ...dossier, order: evolve(order, entry), days, knownExecutions },
    entry,
  };
}

/** Chooses among the targets that the table allows; the caller has seen that there is one. */
function targetOf(order: Order, message: Message, at: Circumstances): OrderStatus {
  const [only, ...others] = targetsOf(order.status, message.event);
  if (only && others.length === 0) return only;
  switch (message.event) {
    case 'RESERVED':
      return at.marketOpen && at.now < order.expiresAt ? 'OPEN' : 'ACCEPTED';
    case 'EXECUTED':
      if (isWhole(order, totalsAfter(order, message))) return 'FILLED';
      return isFinal(order.status) || order.status === 'CANCEL_PENDING'
        ? order.status
        : 'PARTIALLY_FILLED';
    case 'CANCEL_REFUSED':
      if (order.executions > 0) return 'PARTIALLY_FILLED';
      return order.venueOrderId ? 'PLACED' : 'OPEN';
    case 'VENUE_FAILED':
      return order.executions > 0 ? 'CANCELED' : 'FAILED';
    default:
      throw new Error(`order ${order.id}: ${order.status} by ${message.event} is not decided`);
  }
}

function codeAfter(order: Order, message: Message, to: OrderStatus): string | null {
  if (to === 'FILLED') return null;
  if (message.event === 'REFUSED' && to === 'REJECTED' && order.status !== to) return message.code;
  if (message.event === 'TIME_ENDED' && to === 'FAILED') return 'HOLD_TIMEOUT';
  if (message.event === 'VENUE_FAILED') return to === 'CANCELED' ? 'VENUE_FAILED' : message.code;
  return order.code;
}

function withDay(days: readonly DayTotal[], report: Report): readonly DayTotal[] {
  const tradeDate = tradeDateOf(report.executedAt);
  const before = days.find((day) => day.tradeDate === tradeDate);
  const { quantity, gross } = before ?? { quantity: zero, gross: zero };
  const after: DayTotal = {
    tradeDate,
    quantity: quantity.plus(report.quantity),
    gross: gross.plus(report.quantity.times(report.price)),
  };
  return [...days.filter((day) => day !== before), after];
}

/** Value and fees of one execution: what the running totals grow by (domain §1). */
function book(order: Order, days: readonly DayTotal[], report: Report): Execution {
  const { currency, side } = order;
  const gross = order.filledGross.plus(report.quantity.times(report.price));
  const fees = feesOn({ side, terms: commissionTermsOf(order), gross, days });
  const tradeDate = tradeDateOf(report.executedAt);
  return {
    id: report.executionId,
    quantity: report.quantity,
    price: report.price,
    currency,
    value: roundCash(gross, currency).minus(order.filledValue),
    fees: minus(fees, order.fees),
    executedAt: report.executedAt,
    tradeDate,
    settlementDate: settlementDate(tradeDate),
    late: isFinal(order.status),
  };
}
