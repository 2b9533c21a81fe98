import type { Decimal } from '@simplebank/kernel/decimal';

/** What a source quotes; sizes are null when it does not say them. Law: 0 < bid ≤ last ≤ ask. */
export type SourceQuote = {
  readonly bid: Decimal;
  readonly ask: Decimal;
  readonly last: Decimal;
  readonly bidSize: Decimal | null;
  readonly askSize: Decimal | null;
};

/** Where prices come from: an outside party, asked with a deadline and behind a circuit. */
export type QuoteSource = {
  readonly name: string;
  /** Whether a call would be let through. */
  readonly isReachable: () => boolean;
  /** The prices of now, by symbol; symbols that it does not quote are missing. */
  readonly quotes: (symbols: readonly string[]) => Promise<ReadonlyMap<string, SourceQuote>>;
};

/** A source may err, and nobody should trade on that. */
export const isSane = ({ bid, ask, last }: SourceQuote): boolean =>
  bid.greaterThan(0) && bid.lessThanOrEqualTo(last) && last.lessThanOrEqualTo(ask);
