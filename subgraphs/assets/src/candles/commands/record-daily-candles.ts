import type { Cause } from '@simplebank/contracts/event';
import type { Decimal } from '@simplebank/kernel/decimal';
import type { Deps } from '../../deps.ts';
import { insertDays } from '../data/candles.ts';
import { insertCloses } from '../data/closes.ts';
import type { Candle } from '../domain/candle.ts';
import { sessionOn } from '../domain/session.ts';
import { tellCloses } from './close-prices.ts';

export const dailyCandlesMax = 10_000;

/** The prices of one asset on one trading day of the past. */
export type DailyCandle = {
  readonly assetId: string;
  /** Local date of the market, `yyyy-mm-dd`. */
  readonly date: string;
  readonly open: Decimal;
  readonly high: Decimal;
  readonly low: Decimal;
  readonly close: Decimal;
};
export type History = {
  /** At most 10,000; of assets that are registered, in any order. */
  readonly days: readonly DailyCandle[];
  /** Whether others are told the closes. Closes that were recorded before are not told again. */
  readonly tellsOthers: boolean;
  readonly cause: Cause;
};

/**
 * Writes days and closes of a past that no quotes tell of, in one transaction and four statements.
 * What is known already stays, so a repeat adds nothing; such a day has no minutes. Answers how
 * many days were new. Throws RangeError for a day without trading, one that has not ended, prices
 * that are no candle, or too many days; CalendarUnknown outside 1998–2028.
 */
export async function recordDailyCandles(deps: Deps, history: History): Promise<number> {
  const { days, tellsOthers, cause } = history;
  if (days.length > dailyCandlesMax) throw new RangeError(`at most ${dailyCandlesMax} days`);
  if (days.length === 0) return 0;
  const candles = days.map((day) => toCandle(deps, day));
  return deps.transact(async (tx) => {
    const recorded = await insertDays(tx, candles);
    const closes = await insertCloses(
      tx,
      days.map(({ date, assetId, close }) => ({ date, assetId, close: close.toFixed() })),
    );
    if (tellsOthers) await tellCloses(tx, deps, { closes, cause });
    return recorded;
  });
}

function toCandle({ hours, clock }: Deps, day: DailyCandle): Candle {
  const { assetId, date, open, high, low, close } = day;
  const session = sessionOn(hours, date);
  if (!session || session.end > clock.now()) throw new RangeError(`${date} has not been traded`);
  const isCandle =
    low.greaterThan(0) &&
    [open, close].every(
      (price) => price.greaterThanOrEqualTo(low) && price.lessThanOrEqualTo(high),
    );
  if (!isCandle) throw new RangeError(`${assetId} on ${date}: prices are no candle`);
  const sequences = { openSequence: 0, closeSequence: 0 };
  return {
    assetId,
    interval: 'DAY',
    startsAt: session.start,
    open,
    high,
    low,
    close,
    ...sequences,
  };
}
