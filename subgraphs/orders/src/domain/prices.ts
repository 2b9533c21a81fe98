import { Decimal, zero } from '@simplebank/kernel/decimal';
import type { Side } from './order.ts';

/** Prices move in steps: 0.01 from 1.00 on, 0.0001 below (domain §3.4). */
const ticks = [
  { from: new Decimal(1), step: new Decimal('0.01') },
  { from: zero, step: new Decimal('0.0001') },
] as const;

const tickOf = (price: Decimal): Decimal =>
  (ticks.find(({ from }) => price.greaterThanOrEqualTo(from)) ?? ticks[1]).step;

export const isOnTick = (price: Decimal): boolean => price.mod(tickOf(price)).isZero();

/** How far from the reference a market order may trade. */
const collarFactor = { BUY: new Decimal('1.04'), SELL: new Decimal('0.96') } as const;

/**
 * The limit that a market order goes to the venue with: reference × 1.04 for a buy, × 0.96 for a
 * sale, rounded to the tick toward the reference.
 */
export function collarOf(reference: Decimal, side: Side): Decimal {
  const exact = reference.times(collarFactor[side]);
  const rounding = side === 'BUY' ? Decimal.ROUND_DOWN : Decimal.ROUND_UP;
  const step = tickOf(exact);
  return exact.div(step).toDecimalPlaces(0, rounding).times(step);
}

/** The last quote of an asset; the higher sequence wins, no clock decides. */
export type Quote = {
  readonly assetId: string;
  readonly bid: Decimal;
  readonly ask: Decimal;
  readonly last: Decimal;
  readonly sequence: bigint;
  readonly at: Date;
};

const quoteAgeMsMax = 15 * 60_000;

/**
 * Ask for a buy, bid for a sale, else last. Null when there is none, or when it is older than 15
 * minutes while the market is open.
 */
export function referenceOf(
  quote: Quote | null,
  side: Side,
  { now, marketOpen }: { readonly now: Date; readonly marketOpen: boolean },
): Decimal | null {
  if (!quote) return null;
  if (marketOpen && now.getTime() - quote.at.getTime() > quoteAgeMsMax) return null;
  const wanted = side === 'BUY' ? quote.ask : quote.bid;
  const price = wanted.isPositive() && !wanted.isZero() ? wanted : quote.last;
  return price.isPositive() && !price.isZero() ? price : null;
}
