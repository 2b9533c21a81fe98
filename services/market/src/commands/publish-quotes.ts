import { asLeader } from '@simplebank/chassis/leader';
import { publish } from '@simplebank/chassis/outbox';
import { quotesPerEventMax } from '@simplebank/contracts/market';
import {
  type DueInstrument,
  dueInstruments,
  noteSilence,
  type Quoting,
  takeDue,
} from '../data/instruments.ts';
import type { Deps } from '../deps.ts';
import { type PublishedQuote, quotesChanged } from '../events/published.ts';
import { type Answers, askSources, type Quoted } from '../quotes/ask-sources.ts';
import { venueSource } from '../quotes/venue-source.ts';

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
 * so that every asset has a price. Sources are asked before any transaction: a slow one holds no
 * lock, and one that fails takes no asset its turn.
 */
export async function publishQuotes(deps: Deps, { since, intervalMs }: QuoteRound): Promise<void> {
  const { clock, db, hours, log, quoteWatch: watch } = deps;
  const at = clock.now();
  const lastRound = new Date(at.getTime() - intervalMs * sameRound);
  const quoting: Quoting = {
    ...{ since, lastRound, urgentMax, routineMax: hours.isOpen(at) ? routineMax : 0 },
  };
  const due = await dueInstruments(db, quoting);
  if (due.length === 0) return;
  const sources = { first: venueSource(deps.venue), second: deps.secondQuotes };
  const answers = await askSources(sources, due, { at, watch, log });
  if (answers.silent.length > 0) await noteSilence(db, { at, silent: answers.silent });
  if (answers.quotes.size > 0) await publishTaken(deps, { at, due, answers });
}

type Round = {
  readonly at: Date;
  readonly due: readonly DueInstrument[];
  readonly answers: Answers;
};

async function publishTaken(deps: Deps, { at, due, answers }: Round): Promise<void> {
  const { quotes: prices, silent } = answers;
  const isSilent = new Set(silent.map(({ assetId }) => assetId));
  const quoted = due
    .filter(({ symbol }) => prices.has(symbol))
    .map((one) => ({ ...one, isFromFirst: !isSilent.has(one.assetId) }));
  await asLeader(deps.transact, 'market.quotes', async (tx) => {
    // Those that another process has published meanwhile are its business.
    const taken = await takeDue(tx, { at, due: quoted });
    const quotes = taken.flatMap(({ assetId, symbol, sequence }): PublishedQuote[] => {
      const quote: Quoted | undefined = prices.get(symbol);
      return quote ? [{ assetId, ...quote, sequence, at }] : [];
    });
    const pages = Array.from({ length: Math.ceil(quotes.length / quotesPerEventMax) }, (_, page) =>
      quotes.slice(page * quotesPerEventMax, (page + 1) * quotesPerEventMax),
    );
    const facts = pages.map((page) => quotesChanged(page, deps.newId()));
    await publish(tx, deps, facts);
  });
}
