import type { Deps, Tx } from '../../deps.ts';
import type { Quote } from '../../domain/quote.ts';
import { mergeCandles } from '../data/candles.ts';
import { candlesOf, foldCandles } from '../domain/candle.ts';
import { sessionAt } from '../domain/session.ts';

/** Lets quotes into the candles of their minute, hour and day; a closed market has none. */
export async function foldQuotes(
  tx: Tx,
  { hours }: Pick<Deps, 'hours'>,
  quotes: readonly Quote[],
): Promise<void> {
  const candles = quotes.flatMap((quote) => {
    const session = sessionAt(hours, quote.at);
    return session ? candlesOf(quote, session) : [];
  });
  await mergeCandles(tx, foldCandles(candles));
}
