import { quoteFreshMs, valuationPriceMs } from '@simplebank/kernel/market-hours';

/**
 * How old what is shown from a copy may be (OPS-48, OPS-61, OPS-63), in one place:
 * `docs/system-of-record.md` tells these, and whoever shows a copy past its bound marks it stale.
 */
export const ageBounds = {
  /** A price that values holdings while the market is open; past it they are told without value. */
  valuationPriceMs,
  /** A price while the market is open; past it `isStale` is true wherever it is shown. */
  quoteStaleMs: quoteFreshMs,
  /** Answers with prices that a gateway keeps for when assets is down; then they are gone. */
  keptPricesMs: 5 * 60_000,
  /** Answers of master data and strategies that a gateway keeps for when their owner is down. */
  keptAnswersMs: 3_600_000,
  /** Past it an answer of master data says that it is stale; one with prices does past 60 s. */
  keptAnswersStaleMs: 15 * 60_000,
  keptPricesStaleMs: 60_000,
} as const;
