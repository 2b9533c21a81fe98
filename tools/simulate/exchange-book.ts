import { Decimal, zero } from '@simplebank/kernel/decimal';
import { truncateQuantity } from '@simplebank/kernel/money';
import type { Instruction, Rebase, ReplaceAnswer } from '@simplebank/market/simulation';
import type { Dice } from './dice.ts';

/** One order in the book of the exchange. */
export type Entry = {
  instruction: Instruction;
  /** Splits that it was put on the basis of. */
  readonly rebased: Map<string, Decimal | null>;
  readonly venueOrderId: string;
  readonly acceptedAt: Date;
  readonly rejectReason: string | null;
  state: 'WORKING' | 'ENDED';
  cancelAsked: boolean;
  triggered: boolean;
  filledQuantity: Decimal;
  filledValue: Decimal;
  executions: number;
};

export type Quote = { readonly bid: Decimal; readonly ask: Decimal; readonly last: Decimal };

/** What one look at an order leads to. */
export type Move =
  | { readonly kind: 'WAIT' }
  | { readonly kind: 'TRADE'; readonly quantity: Decimal; readonly price: Decimal }
  | { readonly kind: 'END'; readonly outcome: 'CANCELED' | 'EXPIRED' };

const wait: Move = { kind: 'WAIT' };
const expire: Move = { kind: 'END', outcome: 'EXPIRED' };
const cancel: Move = { kind: 'END', outcome: 'CANCELED' };

/**
 * Never through the limit, never past the quantity or the value, never while the market is closed:
 * the exchange may be slow, deaf and forgetful, but what it does to an order is lawful.
 */
export function nextMove(
  entry: Entry,
  { quote, now, dice }: { quote: Quote | null; now: Date; dice: Dice },
): Move {
  const { instruction } = entry;
  if (entry.cancelAsked) return cancel;
  if (now >= instruction.expiresAt) return expire;
  if (!quote) return wait;
  if (!isTriggered(entry, quote)) return wait;
  entry.triggered = true;
  const buys = instruction.side === 'BUY';
  const market = buys ? quote.ask : quote.bid;
  const { limitPrice } = instruction;
  const beyond = buys ? market.greaterThan(limitPrice) : market.lessThan(limitPrice);
  if (beyond) return unfilled(instruction);
  const price = dice.flip(atWorst) ? worstOf(instruction) : market;
  const rest = restOf(entry, price);
  if (rest.isZero()) return expire;
  return { kind: 'TRADE', quantity: partOf(rest, instruction, dice), price };
}

/** Of trades, that they happen at the worst price that the order allows. */
const atWorst = 0.15;
const cents = 2;

function worstOf({ side, limitPrice }: Instruction): Decimal {
  return limitPrice.toDecimalPlaces(cents, side === 'BUY' ? Decimal.ROUND_DOWN : Decimal.ROUND_UP);
}

/** A stop waits until the last price has reached it; then it is like the others. */
function isTriggered({ triggered, instruction }: Entry, { last }: Quote): boolean {
  const stop: unknown = 'stopPrice' in instruction ? instruction.stopPrice : null;
  if (triggered || !(stop instanceof Decimal)) return true;
  return instruction.side === 'BUY'
    ? last.greaterThanOrEqualTo(stop)
    : last.lessThanOrEqualTo(stop);
}

const isImmediate = ({ timeInForce }: Instruction) =>
  timeInForce === 'IOC' || timeInForce === 'FOK';

/** The rest of a market order expires, an immediate order is canceled, a limit order waits. */
function unfilled(instruction: Instruction): Move {
  if (isImmediate(instruction)) return cancel;
  return instruction.type === 'MARKET' || instruction.type === 'STOP' ? expire : wait;
}

/** What may still trade at this price; orders by value toward zero at 9 decimals. */
export function restOf({ instruction, filledQuantity, filledValue }: Entry, price: Decimal) {
  const { quantity, tradeValue } = instruction;
  if (quantity) return quantity.minus(filledQuantity);
  return truncateQuantity((tradeValue ?? zero).minus(filledValue).div(price));
}

const percent = 100;

function partOf(rest: Decimal, instruction: Instruction, dice: Dice): Decimal {
  if (instruction.timeInForce === 'FOK' || dice.flip(0.5)) return rest;
  const part = rest.times(dice.between(1, percent - 1)).div(percent);
  const size = rest.isInteger() ? part.floor() : truncateQuantity(part);
  return size.isZero() ? rest : size;
}

/**
 * New shares for what is left, at the new prices. No split is played on a day that has traded yet,
 * so all that was filled before was filled in old shares.
 */
export function rebase(entry: Entry, asked: Rebase): ReplaceAnswer {
  const { clientId, actionId, numerator, denominator, limitPrice, stopPrice } = asked;
  const known = entry.rebased.get(actionId);
  if (known !== undefined) return { kind: 'REPLACED', clientId, actionId, quantity: known };
  if (entry.state === 'ENDED') return { kind: 'ENDED', clientId, actionId };
  const { quantity } = entry.instruction;
  const left = quantity?.minus(entry.filledQuantity).times(numerator).div(denominator);
  const next = left ? entry.filledQuantity.plus(truncateQuantity(left)) : null;
  entry.instruction = { ...entry.instruction, quantity: next, limitPrice, stopPrice };
  entry.rebased.set(actionId, next);
  return { kind: 'REPLACED', clientId, actionId, quantity: next };
}
