import { asLeader } from '@simplebank/chassis/leader';
import { publish } from '@simplebank/chassis/outbox';
import { quotesPerEventMax } from '@simplebank/contracts/market';
import { isQuoteDue, type Quoting, takeDueInstruments } from '../data/instruments.ts';
import type { Deps } from '../deps.ts';
import { quotesChanged } from '../events/published.ts';

/** 45 assets each 5 s: each of 500 assets is quoted once a minute. */
const routineMax = 45;
/** After a start, and for new assets, all are quoted at once. */
const urgentMax = 1_000;
/** A round that began less than this share of an interval ago is this round. */
const sameRound = 0.8;

export type QuoteRound = {
  /** Whatever was not quoted since then is quoted at once. */
  readonly since: Date;
  readonly intervalMs: number;
};

/**
 * Publishes the quotes of the assets whose turn it is, once an interval whatever the number of
 * processes, and of all that were not quoted `since`. While the market is closed only the latter,
 * so that every asset has a price.
 */
export async function publishQuotes(deps: Deps, { since, intervalMs }: QuoteRound): Promise<void> {
  const { clock, db, transact, venue } = deps;
  const quoting = (at: Date): Quoting => ({
    ...{ at, since, urgentMax, routineMax: venue.isOpen(at) ? routineMax : 0 },
    lastRound: new Date(at.getTime() - intervalMs * sameRound),
  });
  if (!venue.isReachable() || !(await isQuoteDue(db, quoting(clock.now())))) return;
  await asLeader(transact, 'market.quotes', async (tx) => {
    const at = clock.now();
    const due = await takeDueInstruments(tx, quoting(at));
    if (due.length === 0) return;
    const symbols = due.map(({ symbol }) => symbol);
    const prices = await venue.quotes(symbols, at);
    const quotes = due.flatMap(({ assetId, symbol, sequence }) => {
      const quote = prices.get(symbol);
      return quote ? [{ assetId, ...quote, sequence, at }] : [];
    });
    const pages = Array.from({ length: Math.ceil(quotes.length / quotesPerEventMax) }, (_, page) =>
      quotes.slice(page * quotesPerEventMax, (page + 1) * quotesPerEventMax),
    );
    await publish(
      tx,
      deps,
      pages.map((page) => quotesChanged(page, deps.newId())),
    );
  });
}
