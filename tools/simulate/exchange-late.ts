import type { Decimal } from '@simplebank/kernel/decimal';
import { marketHours } from '@simplebank/kernel/market-hours';
import type { Dice } from './dice.ts';
import { type Entry, nextMove } from './exchange-book.ts';
import { priceMs, priceOf } from './exchange-prices.ts';

export type Trade = { readonly quantity: Decimal; readonly price: Decimal; readonly now: Date };
type Chances = { readonly seed: number; readonly dice: Dice };

const hours = marketHours('nyse');
const momentMs = 1_000;

const looksBack = 30;

/** What would have traded at one of the last prices, before the order was canceled or expired. */
export function lateTrade({ seed, dice }: Chances, entry: Entry, now: Date): Trade | null {
  const { expiresAt, symbol } = entry.instruction;
  const last = Math.min(now.getTime(), expiresAt.getTime() - momentMs);
  for (let back = 0; back < looksBack; back += 1) {
    const at = new Date(last - back * priceMs);
    if (at < entry.acceptedAt || !hours.isOpen(at)) return null;
    const wouldBe = { ...entry, cancelAsked: false };
    const move = nextMove(wouldBe, { quote: priceOf(seed, symbol, at), now: at, dice });
    if (move.kind === 'TRADE') return { ...move, now: at };
  }
  return null;
}
