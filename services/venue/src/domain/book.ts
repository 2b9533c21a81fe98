import { Decimal } from '@simplebank/kernel/decimal';
import { truncateQuantity } from '@simplebank/kernel/money';
import { chance, chanceBetween } from './chance.ts';
import {
  type BookOrder,
  hasEndingRest,
  type Instruction,
  isBelowOneShare,
  isImmediate,
} from './order.ts';

export type BookReport = {
  readonly clientId: string;
  readonly venueOrderId: string;
  readonly kind: 'EXECUTED' | 'FILLED' | 'CANCELED' | 'EXPIRED';
  readonly executionId: string | null;
  readonly quantity: Decimal | null;
  readonly price: Decimal | null;
  readonly at: Date;
};

/** bid ≤ last ≤ ask. */
export type Quote = { readonly bid: Decimal; readonly ask: Decimal; readonly last: Decimal };

export type Market = {
  readonly seed: string;
  readonly now: Date;
  /** Null while the symbol does not trade: the market is closed or trading is halted. */
  readonly quote: Quote | null;
  /** How many of 100 orders, chosen by the seed, find less on the other side than they want. */
  readonly thinPercent: number;
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
/** How much of what it wants an order finds in a thin market, in percent. */
const depthPercent = { min: 0, max: 90 };
/** Prices move slowly, so an order that waits for its price is looked at this often. */
const recheckMs = 2_000;
const noTradeRecheckMs = 5_000;

/** How long an order waits for its next fill; below one share, IOC and FOK fill at once. */
export function fillPause(seed: string, order: Instruction, executions: number): number {
  if (isBelowOneShare(order) || isImmediate(order)) return 0;
  return chanceBetween(fillPauseMs, seed, order.clientId, 'pause', executions);
}

/**
 * What the venue does about one order now: ends it, fills a part at the quote, or waits. It never
 * trades through the limit, past the quantity or the value, before a stop is reached, or while the
 * symbol does not trade (domain §7).
 */
export function turn(order: BookOrder, market: Market): Turn {
  const { now, quote } = market;
  if (order.cancelAsked) return ended(order, 'CANCELED', now);
  if (now >= order.expiresAt) return ended(order, 'EXPIRED', now);
  if (quote === null) {
    return isImmediate(order)
      ? ended(order, 'CANCELED', now)
      : waiting(order, now, noTradeRecheckMs);
  }
  const awake = order.triggered || isReached(order, quote.last);
  if (!awake) return waiting(order, now, recheckMs);
  return trade({ ...order, triggered: true }, quote, market);
}

/** A buy wakes at or above its stop, a sale at or below it (domain §3.4). */
function isReached({ side, stopPrice }: BookOrder, last: Decimal): boolean {
  if (stopPrice === null) return true;
  return side === 'BUY' ? last.greaterThanOrEqualTo(stopPrice) : last.lessThanOrEqualTo(stopPrice);
}

function trade(order: BookOrder, quote: Quote, market: Market): Turn {
  const price = order.side === 'BUY' ? quote.ask : quote.bid;
  if (isBeyondLimit(order, price)) return restEnds(order, market.now);
  const rest = restOf(order, price);
  const found = foundOf(order, rest, market);
  const isShort = found.lessThan(rest);
  if (isShort && order.timeInForce === 'FOK') return ended(order, 'CANCELED', market.now);
  if (found.isZero())
    return isShort ? restEnds(order, market.now) : ended(order, 'EXPIRED', market.now);
  const size = isShort && hasEndingRest(order) ? found : sizeOf(order, rest, market.seed);
  return filled(order, { size, price, isShort }, market);
}

const isBeyondLimit = ({ side, limitPrice }: BookOrder, price: Decimal): boolean =>
  side === 'BUY' ? price.greaterThan(limitPrice) : price.lessThan(limitPrice);

/** What it cannot get at once ends for IOC, FOK and the market types, and waits for others. */
function restEnds(order: BookOrder, now: Date): Turn {
  if (!hasEndingRest(order)) return waiting(order, now, recheckMs);
  return ended(order, isImmediate(order) ? 'CANCELED' : 'EXPIRED', now);
}

/** How much of the rest the other side offers at this price, whole shares of a whole rest. */
function foundOf(order: BookOrder, rest: Decimal, { seed, thinPercent }: Market): Decimal {
  const { clientId } = order;
  if (isBelowOneShare(order)) return rest;
  if (chance(seed, clientId, 'thin') % 100 >= thinPercent) return rest;
  return partOf(rest, chanceBetween(depthPercent, seed, clientId, 'depth'));
}

function partOf(rest: Decimal, percent: number): Decimal {
  const part = rest.times(percent).div(100);
  return rest.isInteger() ? part.floor() : truncateQuantity(part);
}

type Fill = { readonly size: Decimal; readonly price: Decimal; readonly isShort: boolean };

function filled(order: BookOrder, { size, price, isShort }: Fill, { seed, now }: Market): Turn {
  const next: BookOrder = {
    ...order,
    filledQuantity: order.filledQuantity.plus(size),
    filledValue: order.filledValue.plus(size.times(price)),
    executions: order.executions + 1,
  };
  const { clientId, venueOrderId, executions } = next;
  const executionId = `${venueOrderId}-${executions}`;
  const what = { clientId, venueOrderId, executionId, quantity: size, price, at: now };
  const report = { kind: 'EXECUTED', ...what } as const;
  const after = afterFill(next, isShort, { seed, now });
  return { ...after, reports: [report, ...after.reports] };
}

function afterFill(
  order: BookOrder,
  isShort: boolean,
  { seed, now }: Pick<Market, 'seed' | 'now'>,
) {
  // At the limit, as the bank reckons it: the same end, whatever the price of the last fill.
  if (restOf(order, order.limitPrice).isZero()) return ended(order, 'FILLED', now);
  if (isShort && hasEndingRest(order)) return restEnds(order, now);
  return waiting(order, now, fillPause(seed, order, order.executions));
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
  const size = partOf(rest, chanceBetween(slicePercent, seed, clientId, 'size', executions));
  return size.isZero() ? rest : size;
}

function ended(order: BookOrder, end: 'FILLED' | 'CANCELED' | 'EXPIRED', now: Date): Turn {
  const { clientId, venueOrderId } = order;
  const nothing = { executionId: null, quantity: null, price: null };
  const report = { clientId, venueOrderId, kind: end, ...nothing, at: now };
  return { order, end, reports: [report], nextAt: now };
}

function waiting(order: BookOrder, now: Date, pauseMs: number): Turn {
  const next = Math.min(now.getTime() + pauseMs, order.expiresAt.getTime());
  return { order, end: null, reports: [], nextAt: new Date(next) };
}
