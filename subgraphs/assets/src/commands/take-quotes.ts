import { recordNotTaken } from '@simplebank/chassis/metrics';
import { publish } from '@simplebank/chassis/outbox';
import type { Cause } from '@simplebank/contracts/event';
import { foldQuotes } from '../candles/index.ts';
import { saveQuotes } from '../data/quotes.ts';
import type { Deps, Tx } from '../deps.ts';
import { isPlausible, newestOf, type Quote } from '../domain/quote.ts';
import { quotePublished } from '../events/published.ts';

/** The quotes of one event of the market. */
export type QuoteBatch = {
  readonly quotes: readonly Quote[];
  readonly eventId: string;
  readonly cause: Cause;
};

/**
 * Keeps the newest quote of each asset and publishes each batch once, without the quotes that no
 * market could mean; each goes into the candles of its time. Any order of batches, and any number
 * of times, leads to the same quotes and candles.
 */
export async function takeQuotes(
  tx: Tx,
  deps: Deps,
  batches: readonly QuoteBatch[],
): Promise<void> {
  const judged = batches.map((batch) => ({ ...batch, quotes: batch.quotes.filter(isPlausible) }));
  const taken = judged.filter(({ quotes }) => quotes.length > 0);
  const dropped = countOf(batches) - countOf(taken);
  if (dropped > 0) {
    recordNotTaken({ service: 'assets', what: 'crossed_quote' }, dropped);
    deps.log.warn({ dropped }, 'implausible quotes were not taken');
  }
  const quotes = taken.flatMap((batch) => batch.quotes);
  await saveQuotes(tx, newestOf(quotes));
  await foldQuotes(tx, deps, quotes);
  await publish(tx, deps, taken.map(quotePublished));
}

const countOf = (batches: readonly { quotes: readonly Quote[] }[]): number =>
  batches.reduce((count, { quotes }) => count + quotes.length, 0);
