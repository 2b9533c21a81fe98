import { Decimal } from '@simplebank/kernel/decimal';
import type { Side } from './order.ts';
import { type Ticks, tickAbove, tickBelow } from './ticks.ts';

/** How far from the reference a market order may trade. */
const collarFactor = { BUY: new Decimal('1.04'), SELL: new Decimal('0.96') } as const;

/**
 * The limit that a market order goes to the venue with: reference × 1.04 for a buy, × 0.96 for a
 * sale, rounded to the tick toward the reference.
 */
export function collarOf(reference: Decimal, side: Side, ticks: Ticks): Decimal {
  const exact = reference.times(collarFactor[side]);
  return side === 'BUY' ? tickBelow(exact, ticks) : tickAbove(exact, ticks);
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
  return marketOpen && isOld(quote, now) ? null : priceFor(quote, side);
}

/** Older than 15 minutes. */
export const isOld = ({ at }: Quote, now: Date): boolean =>
  now.getTime() - at.getTime() > quoteAgeMsMax;

/** Ask for a buy, bid for a sale, else last; null when none is above zero. */
export function priceFor(quote: Quote, side: Side): Decimal | null {
  const wanted = side === 'BUY' ? quote.ask : quote.bid;
  const price = wanted.isPositive() && !wanted.isZero() ? wanted : quote.last;
  return price.isPositive() && !price.isZero() ? price : null;
}
