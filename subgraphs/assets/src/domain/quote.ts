import type { Decimal } from '@simplebank/kernel/decimal';
import type { AssetId } from '@simplebank/kernel/ids';

/** The higher sequence is the newer quote, whatever the clocks say. */
export type Quote = {
  readonly assetId: AssetId;
  readonly bid: Decimal;
  readonly ask: Decimal;
  readonly last: Decimal;
  /** Null when the source does not say. */
  readonly bidSize: Decimal | null;
  readonly askSize: Decimal | null;
  readonly sequence: number;
  readonly at: Date;
};

/** A source may err. Law: 0 < bid ≤ last ≤ ask, or nobody should trade on it. */
export const isPlausible = ({ bid, ask, last }: Quote): boolean =>
  bid.greaterThan(0) && bid.lessThanOrEqualTo(last) && last.lessThanOrEqualTo(ask);

/** The newest quote of each asset, in asset order, so that writers lock rows in one order. */
export function newestOf(quotes: readonly Quote[]): readonly Quote[] {
  const newest = new Map<AssetId, Quote>();
  for (const quote of quotes) {
    const known = newest.get(quote.assetId);
    if (!known || known.sequence < quote.sequence) newest.set(quote.assetId, quote);
  }
  return [...newest.values()].sort((a, b) => (a.assetId < b.assetId ? -1 : 1));
}
