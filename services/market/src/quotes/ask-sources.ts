import type { Logger } from '@simplebank/chassis/logging';
import { recordNotTaken } from '@simplebank/chassis/metrics';
import type { DueInstrument } from '../data/instruments.ts';
import { isSane, type QuoteSource, type SourceQuote } from './source.ts';

/**
 * For so long the first source may have no quote for an asset, while it is asked, before the second
 * is believed for it. Its next quote counts again at once.
 */
export const firstSilentMsMax = 10_000;

export type Quoted = SourceQuote & { readonly source: string };
export type Sources = { readonly first: QuoteSource; readonly second: QuoteSource | null };
export type Answers = {
  readonly quotes: ReadonlyMap<string, Quoted>;
  /** For which the first source had nothing. */
  readonly silent: readonly DueInstrument[];
};

/** What has been said already about each source, so that a trouble is logged once. */
export type QuoteWatch = {
  readonly crossed: Set<string>;
  readonly mute: Set<string>;
};
export const createQuoteWatch = (): QuoteWatch => ({ crossed: new Set(), mute: new Set() });

type Asking = { readonly at: Date; readonly watch: QuoteWatch; readonly log: Logger };

/** Asks the first source for all, and the second for those on which the first was long silent. */
export async function askSources(
  { first, second }: Sources,
  due: readonly DueInstrument[],
  asking: Asking,
): Promise<Answers> {
  const fromFirst = await askOne(first, due, asking);
  const silent = due.filter(({ symbol }) => !fromFirst.has(symbol));
  const orphans = silent.filter(({ silentSince }) => isLong(silentSince, asking.at));
  const fromSecond = second && orphans.length > 0 ? await askOne(second, orphans, asking) : [];
  return { quotes: new Map([...fromFirst, ...fromSecond]), silent };
}

const isLong = (since: Date | null, at: Date): boolean =>
  since !== null && at.getTime() - since.getTime() >= firstSilentMsMax;

/** What one source has to say that can be believed; nothing when it cannot be asked. */
async function askOne(
  source: QuoteSource,
  due: readonly DueInstrument[],
  { watch, log }: Asking,
): Promise<ReadonlyMap<string, Quoted>> {
  const { name } = source;
  if (!source.isReachable()) return new Map();
  try {
    const answers = await source.quotes(due.map(({ symbol }) => symbol));
    if (watch.mute.delete(name)) log.info({ source: name }, 'a source quotes again');
    return believed(source, answers, { watch, log });
  } catch (error) {
    const fields = { error, error_code: 'QUOTES_MISSING', source: name };
    if (!watch.mute.has(name)) log.warn(fields, 'a source of quotes does not answer');
    watch.mute.add(name);
    return new Map();
  }
}

function believed(
  { name }: QuoteSource,
  answers: ReadonlyMap<string, SourceQuote>,
  { watch, log }: Pick<Asking, 'watch' | 'log'>,
): ReadonlyMap<string, Quoted> {
  const sane = new Map<string, Quoted>();
  for (const [symbol, quote] of answers) {
    const key = `${name} ${symbol}`;
    if (isSane(quote)) {
      watch.crossed.delete(key);
      sane.set(symbol, { ...quote, source: name });
      continue;
    }
    recordNotTaken({ service: 'market', what: 'crossed_quote' });
    const fields = { error_code: 'QUOTE_CROSSED', source: name, symbol };
    if (!watch.crossed.has(key)) log.warn(fields, 'a crossed quote is not taken');
    watch.crossed.add(key);
  }
  return sane;
}
