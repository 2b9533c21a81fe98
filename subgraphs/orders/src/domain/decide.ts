import { book, withDay } from './booking.ts';
import type { Execution } from './execution.ts';
import type { DayTotal } from './fees.ts';
import { type Entry, evolve } from './history.ts';
import { comesFromVenue, isEnd, type Message, type Report } from './message.ts';
import { isOverfilled, isWhole, leavesOf, type Order } from './order.ts';
import { isTold, quantityAfter, rebase } from './rebase.ts';
import { inOrder, type Rebased, type Rebasing } from './split.ts';
import { isFinal, type OrderStatus } from './status.ts';
import { targetsOf } from './transitions.ts';

/** An order and what a decision about it needs beside its row. */
export type Dossier = {
  readonly order: Order;
  readonly days: readonly DayTotal[];
  /** Null for an order that no split has met. */
  readonly rebased: Rebased | null;
  readonly knownExecutions: ReadonlySet<string>;
  /** Executions that went past the order: an end counts them, though none is booked. */
  readonly overfills: ReadonlySet<string>;
  /** Told before what it builds on, in the order of arrival. */
  readonly waiting: readonly Waiting[];
};

export type Waiting = { readonly message: Message; readonly causeId: string };

export type Circumstances = {
  readonly now: Date;
  readonly marketOpen: boolean;
  readonly causeId: string | null;
};

export type ExceptionReason = 'ILLEGAL_TRANSITION' | 'OVERFILL' | 'CORPORATE_ACTION';
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
  if (message.event === 'EXECUTED' && isKnown(dossier, message)) return { kind: 'known' };
  if (message.event === 'REBASED' && isTold(dossier, message)) return { kind: 'known' };
  if (!wasOpened(order.status) && comesFromVenue(message)) return { kind: 'waiting' };
  if (isEnd(message) && !isFinal(order.status) && arrivedOf(dossier) < message.executions) {
    return { kind: 'waiting' };
  }
  const targets = targetsOf(order.status, message.event);
  if (targets.length === 0) return { kind: 'exception', reason: 'ILLEGAL_TRANSITION' };
  if (message.event === 'ENDED_BY_STAFF' && !isVenueDone(dossier)) {
    return { kind: 'exception', reason: 'ILLEGAL_TRANSITION' };
  }
  const change = changeBy(dossier, message);
  if (message.event === 'EXECUTED' && isOverfilled(change.order, totalsAfter(order, message))) {
    return { kind: 'exception', reason: 'OVERFILL' };
  }
  return move(dossier, change, { ...at, message });
}

/**
 * The venue has nothing left of the order, though it is not over here: it traded past the order, or
 * told an end that counts executions which have never come.
 */
const isVenueDone = ({ overfills, waiting }: Dossier): boolean =>
  overfills.size > 0 || waiting.some(({ message }) => isEnd(message));

const isKnown = ({ knownExecutions, overfills }: Dossier, { executionId }: Report): boolean =>
  knownExecutions.has(executionId) || overfills.has(executionId);

const arrivedOf = ({ order, overfills }: Dossier): number => order.executions + overfills.size;

const wasOpened = (status: OrderStatus): boolean => status !== 'RESERVING' && status !== 'ACCEPTED';

const totalsAfter = (order: Order, { quantity, price }: Report) => ({
  filledQuantity: order.filledQuantity.plus(quantity),
  filledGross: order.filledGross.plus(quantity.times(price)),
});

/** What a message makes of the terms of an order, before it is booked. */
type Change = {
  readonly order: Order;
  readonly days: readonly DayTotal[];
  readonly rebasing: Rebasing | null;
};

/** An execution of before a split takes old shares, so that the rest counts fewer new ones. */
function changeBy(dossier: Dossier, message: Message): Change {
  const { order, days, rebased } = dossier;
  if (message.event === 'REBASED') {
    const rebasing = rebase(dossier, message);
    return { order: { ...order, ...rebasing.after }, days, rebasing };
  }
  if (message.event !== 'EXECUTED') return { order, days, rebasing: null };
  const after = withDay(days, message);
  const quantity = quantityAfter(order, rebased, after);
  return { order: { ...order, quantity }, days: after, rebasing: null };
}

type Telling = Circumstances & { readonly message: Message };

function move(dossier: Dossier, change: Change, at: Telling): Decision {
  const { order } = dossier;
  const { message } = at;
  const to = targetOf(change.order, message, at);
  if (!targetsOf(order.status, message.event).includes(to)) {
    throw new Error(`order ${order.id}: ${order.status} by ${message.event} to ${to} is no row`);
  }
  const execution = message.event === 'EXECUTED' ? book(order, change.days, message) : null;
  const entry = entryOf(order, { change, execution, to }, at);
  const knownExecutions = execution
    ? new Set([...dossier.knownExecutions, execution.id])
    : dossier.knownExecutions;
  const after = { ...dossier, order: evolve(order, entry), days: change.days, knownExecutions };
  return { kind: 'moved', dossier: withSplit(after, change.rebasing), entry };
}

type Outcome = {
  readonly change: Change;
  readonly execution: Execution | null;
  readonly to: OrderStatus;
};

function entryOf(order: Order, { change, execution, to }: Outcome, at: Telling): Entry {
  const { message } = at;
  const filled = execution ? order.filledQuantity.plus(execution.quantity) : order.filledQuantity;
  const { quantity } = change.order;
  const isResized = execution !== null && quantity !== null && !order.quantity?.equals(quantity);
  return {
    sequence: order.version + 1,
    event: message.event,
    from: order.status,
    to,
    code: codeAfter(order, message, to),
    cumulativeQuantity: filled,
    leavesQuantity: leavesOf(change.order, filled),
    rebasing: change.rebasing,
    orderQuantity: isResized ? quantity : null,
    execution,
    venueOrderId: message.event === 'PLACED' ? message.venueOrderId : null,
    endedExecutions: isEnd(message) ? message.executions : null,
    actorId: 'actorId' in message ? message.actorId : null,
    causeId: at.causeId,
    occurredAt: at.now,
  };
}

function withSplit(dossier: Dossier, rebasing: Rebasing | null): Dossier {
  if (!rebasing) return dossier;
  const { rebased } = dossier;
  const splits = inOrder([...(rebased?.splits ?? []), rebasing.split]);
  const goesOn = (rebased?.goesOn ?? true) && rebasing.goesOn;
  return { ...dossier, rebased: { origin: rebased?.origin ?? rebasing.before, splits, goesOn } };
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
    case 'REBASED':
      return order.quantity?.equals(order.filledQuantity) ? 'FILLED' : order.status;
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
  if (message.event === 'CANCEL_ASKED') return message.code ?? order.code;
  if (message.event === 'ENDED_BY_STAFF') return message.event;
  if (message.event === 'TIME_ENDED' && to === 'FAILED') return 'HOLD_TIMEOUT';
  if (message.event === 'VENUE_FAILED') return to === 'CANCELED' ? 'VENUE_FAILED' : message.code;
  return order.code;
}
