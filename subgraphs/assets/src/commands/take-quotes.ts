import { publish } from '@simplebank/chassis/outbox';
import type { Cause } from '@simplebank/contracts/event';
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
 * market could mean. Any order of batches leads to the same quotes.
 */
export async function takeQuotes(
  tx: Tx,
  deps: Deps,
  batches: readonly QuoteBatch[],
): Promise<void> {
  const judged = batches.map((batch) => ({ ...batch, quotes: batch.quotes.filter(isPlausible) }));
  const taken = judged.filter(({ quotes }) => quotes.length > 0);
  const dropped = countOf(batches) - countOf(taken);
  if (dropped > 0) deps.log.warn({ dropped }, 'implausible quotes were not taken');

  await saveQuotes(tx, newestOf(taken.flatMap(({ quotes }) => quotes)));
  await publish(tx, deps, taken.map(quotePublished));
}

const countOf = (batches: readonly { quotes: readonly Quote[] }[]): number =>
  batches.reduce((count, { quotes }) => count + quotes.length, 0);
