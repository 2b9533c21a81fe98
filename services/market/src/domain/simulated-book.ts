import { Decimal } from '@simplebank/kernel/decimal';
import { truncateQuantity } from '@simplebank/kernel/money';
import { chanceBetween } from './chance.ts';

/** An order in the book of the simulated venue. */
export type BookOrder = {
  readonly clientId: string;
  readonly venueOrderId: string;
  readonly symbol: string;
  readonly side: 'BUY' | 'SELL';
  readonly type: string;
  readonly timeInForce: string;
  readonly quantity: Decimal | null;
  readonly tradeValue: Decimal | null;
  readonly limitPrice: Decimal;
  readonly expiresAt: Date;
  readonly cancelAsked: boolean;
  readonly filledQuantity: Decimal;
  readonly filledValue: Decimal;
  readonly executions: number;
};

export type BookReport = {
  readonly clientId: string;
  readonly kind: 'EXECUTED' | 'FILLED' | 'CANCELED' | 'EXPIRED';
  readonly executionId: string | null;
  readonly quantity: Decimal | null;
  readonly price: Decimal | null;
  /** How many executions the order has had, this one included. */
  readonly executions: number;
  readonly at: Date;
};

export type Market = {
  readonly seed: string;
  readonly now: Date;
  /** Null while the market is closed. */
  readonly quote: { readonly bid: Decimal; readonly ask: Decimal } | null;
};

export type Turn = {
  readonly order: BookOrder;
  readonly end: 'FILLED' | 'CANCELED' | 'EXPIRED' | null;
  readonly reports: readonly BookReport[];
  /** When to look at it again. */
  readonly nextAt: Date;
};

const fillPauseMs = { min: 50, max: 300 };
const slices = { min: 1, max: 4 };
/** How much of the rest a partial fill takes, in percent. */
const slicePercent = { min: 20, max: 60 };
/** Prices move slowly, so an order that waits for its price is looked at this often. */
const recheckMs = 2_000;
const closedRecheckMs = 15_000;

/** How long an order waits for its next fill; one below a share fills at once. */
export function fillPause(seed: string, order: Sized, executions: number): number {
  if (isBelowOneShare(order)) return 0;
  return chanceBetween(fillPauseMs, seed, order.clientId, 'pause', executions);
}

type Sized = Pick<BookOrder, 'clientId' | 'quantity' | 'tradeValue' | 'limitPrice'>;

const isBelowOneShare = ({ quantity, tradeValue, limitPrice }: Sized): boolean =>
  quantity === null ? (tradeValue ?? limitPrice).lessThan(limitPrice) : quantity.lessThan(1);

/**
 * What the venue does about one order now: ends it, fills a part at the quote, or waits. It never
 * trades through the limit, past the quantity or the value, or while the market is closed.
 */
export function turn(order: BookOrder, market: Market): Turn {
  const { now, quote } = market;
  if (order.cancelAsked) return ended(order, 'CANCELED', now);
  if (now >= order.expiresAt) return ended(order, 'EXPIRED', now);
  if (quote === null) return waiting(order, now, closedRecheckMs);

  const price = order.side === 'BUY' ? quote.ask : quote.bid;
  if (isBeyondLimit(order, price)) return unfilled(order, now);
  return filled(order, price, market);
}

const isBeyondLimit = ({ side, limitPrice }: BookOrder, price: Decimal): boolean =>
  side === 'BUY' ? price.greaterThan(limitPrice) : price.lessThan(limitPrice);

/** The rest of a market order expires, IOC and FOK are canceled, a limit order waits. */
function unfilled(order: BookOrder, now: Date): Turn {
  if (order.type === 'MARKET') return ended(order, 'EXPIRED', now);
  if (isImmediate(order)) return ended(order, 'CANCELED', now);
  return waiting(order, now, recheckMs);
}

const isImmediate = ({ timeInForce }: BookOrder) => timeInForce === 'IOC' || timeInForce === 'FOK';

function filled(order: BookOrder, price: Decimal, { seed, now }: Market): Turn {
  const quantity = sizeOf(order, restOf(order, price), seed);
  if (quantity.isZero()) return ended(order, 'EXPIRED', now);
  const next: BookOrder = {
    ...order,
    filledQuantity: order.filledQuantity.plus(quantity),
    filledValue: order.filledValue.plus(quantity.times(price)),
    executions: order.executions + 1,
  };
  const { clientId, executions } = next;
  const executionId = `${clientId}-${executions}`;
  const at = now;
  const trade = {
    clientId,
    kind: 'EXECUTED',
    executionId,
    quantity,
    price,
    executions,
    at,
  } as const;
  // At the limit, as the bank reckons it: the same end, whatever the price of the last fill.
  if (restOf(next, next.limitPrice).isZero()) {
    const end = ended(next, 'FILLED', now);
    return { ...end, reports: [trade, ...end.reports] };
  }
  const pause = waiting(next, now, fillPause(seed, next, executions));
  return { ...pause, reports: [trade] };
}

/** What may still be bought or sold at this price; value orders toward zero at 9 decimals. */
function restOf(order: BookOrder, price: Decimal): Decimal {
  if (order.quantity !== null) return order.quantity.minus(order.filledQuantity);
  const left = (order.tradeValue ?? new Decimal(0)).minus(order.filledValue);
  return truncateQuantity(left.div(price));
}

/** A seeded part of the rest: whole shares of a whole rest, and all of it in the last slice. */
function sizeOf(order: BookOrder, rest: Decimal, seed: string): Decimal {
  const { clientId, executions } = order;
  const isWhole = isBelowOneShare(order) || isImmediate(order);
  const count = isWhole ? 1 : chanceBetween(slices, seed, clientId, 'slices');
  if (executions + 1 >= count) return rest;
  const percent = chanceBetween(slicePercent, seed, clientId, 'size', executions);
  const part = rest.times(percent).div(100);
  const size = rest.isInteger() ? part.floor() : truncateQuantity(part);
  return size.isZero() ? rest : size;
}

function ended(order: BookOrder, end: 'FILLED' | 'CANCELED' | 'EXPIRED', now: Date): Turn {
  const { clientId, executions } = order;
  const nothing = { executionId: null, quantity: null, price: null };
  const report = { clientId, kind: end, ...nothing, executions, at: now };
  return { order, end, reports: [report], nextAt: now };
}

function waiting(order: BookOrder, now: Date, pauseMs: number): Turn {
  const next = Math.min(now.getTime() + pauseMs, order.expiresAt.getTime());
  return { order, end: null, reports: [], nextAt: new Date(next) };
}
