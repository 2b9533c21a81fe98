import { type Decimal, zero } from '@simplebank/kernel/decimal';
import type { Execution } from './execution.ts';
import { noFees, plus } from './fees.ts';
import { leavesOf, type Order, type Progress, type Terms } from './order.ts';
import type { Rebasing } from './split.ts';
import type { OrderStatus } from './status.ts';
import type { OrderEvent, Origin } from './transitions.ts';

/** One line of an order's history; append-only, counted from 1. */
export type Entry = {
  readonly sequence: number;
  readonly event: OrderEvent;
  readonly from: Origin;
  readonly to: OrderStatus;
  /** The code of the order from here on. */
  readonly code: string | null;
  readonly cumulativeQuantity: Decimal;
  readonly leavesQuantity: Decimal | null;
  /** Set for REBASED and for nothing else. */
  readonly rebasing: Rebasing | null;
  /** Set for an execution of before a split that is told after it: what the order has become. */
  readonly orderQuantity: Decimal | null;
  /** Set for EXECUTED and for nothing else. */
  readonly execution: Execution | null;
  /** Set for PLACED. */
  readonly venueOrderId: string | null;
  /** Set for an end that the venue told: how many executions it made before. */
  readonly endedExecutions: number | null;
  readonly actorId: string | null;
  readonly causeId: string | null;
  readonly occurredAt: Date;
};

/** Before anything has happened; its status is what CREATED makes it. */
const untouched = (terms: Terms): Progress => ({
  status: 'RESERVING',
  code: null,
  version: 0,
  venueOrderId: null,
  filledQuantity: zero,
  filledGross: zero,
  filledValue: zero,
  fees: noFees,
  executions: 0,
  lateFill: false,
  rebasings: 0,
  updatedAt: terms.createdAt,
});

/** The order after one more line of its history. Decisions and replays both go through here. */
export function evolve(order: Order, entry: Entry): Order {
  const { rebasing } = entry;
  const moved: Order = {
    ...order,
    ...rebasing?.after,
    ...(entry.orderQuantity && { quantity: entry.orderQuantity }),
    rebasings: order.rebasings + (rebasing ? 1 : 0),
    status: entry.to,
    code: entry.code,
    version: entry.sequence,
    venueOrderId: entry.venueOrderId ?? order.venueOrderId,
    lateFill: order.lateFill || isLate(order, entry),
    updatedAt: entry.occurredAt,
  };
  const { execution } = entry;
  if (!execution) return moved;
  return {
    ...moved,
    filledQuantity: order.filledQuantity.plus(execution.quantity),
    filledGross: order.filledGross.plus(execution.quantity.times(execution.price)),
    filledValue: order.filledValue.plus(execution.value),
    fees: plus(order.fees, execution.fees),
    executions: order.executions + 1,
  };
}

/** Also when the end that an execution came after is itself told after it. */
function isLate({ executions }: Order, { execution, endedExecutions }: Entry): boolean {
  if (execution) return execution.late;
  return endedExecutions !== null && executions > endedExecutions;
}

/** The current row equals this for every order (domain §3.2). */
export const replay = (terms: Terms, entries: readonly Entry[]): Order =>
  entries.reduce(evolve, { ...asPlaced(terms, entries), ...untouched(terms) });

/** The terms before the first split of this history. */
const asPlaced = (terms: Terms, entries: readonly Entry[]): Terms => ({
  ...terms,
  ...entries.find(({ rebasing }) => rebasing)?.rebasing?.before,
});

/** A line of history, in the currency of its order. */
export type EntryOf = { readonly entry: Entry; readonly currency: Terms['currency'] };

/**
 * The order as it stood at an instant (domain §3.2); null before it existed. Lines count in their
 * sequence: one that a slower clock dated earlier does not come before the one it follows.
 */
export function asOf(order: Order, entries: readonly Entry[], instant: Date): Order | null {
  const later = entries.findIndex(({ occurredAt }) => occurredAt > instant);
  const told = later === -1 ? entries : entries.slice(0, later);
  return told.length > 0 ? replay(asPlaced(order, entries), told) : null;
}

/** A new order and the first line of its history. */
export function begin(terms: Terms, causeId: string | null): { order: Order; entry: Entry } {
  const entry: Entry = {
    sequence: 1,
    event: 'CREATED',
    from: 'NONE',
    to: 'RESERVING',
    code: null,
    cumulativeQuantity: zero,
    leavesQuantity: leavesOf(terms, zero),
    rebasing: null,
    orderQuantity: null,
    execution: null,
    venueOrderId: null,
    endedExecutions: null,
    actorId: terms.customerId,
    causeId,
    occurredAt: terms.createdAt,
  };
  return { order: replay(terms, [entry]), entry };
}
