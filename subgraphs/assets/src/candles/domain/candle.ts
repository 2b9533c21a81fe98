import type { Decimal } from '@simplebank/kernel/decimal';
import type { Quote } from '../../domain/quote.ts';
import type { Session } from './session.ts';

const intervals = ['MINUTE', 'HOUR', 'DAY'] as const;
export type Interval = (typeof intervals)[number];

/** What the last prices of a minute, an hour or a day were, labelled by its beginning. */
export type Candle = {
  readonly assetId: string;
  readonly interval: Interval;
  readonly startsAt: Date;
  readonly open: Decimal;
  readonly high: Decimal;
  readonly low: Decimal;
  readonly close: Decimal;
  /** Of the quotes that opened and closed it; no clock decides which came first. */
  readonly openSequence: number;
  readonly closeSequence: number;
};

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** Minutes and hours are counted from the session's beginning; a day is the session. */
function startOf(interval: Interval, at: Date, { start }: Session): Date {
  if (interval === 'DAY') return start;
  const ms = interval === 'HOUR' ? hourMs : minuteMs;
  const sinceStart = at.getTime() - start.getTime();
  return new Date(start.getTime() + Math.floor(sinceStart / ms) * ms);
}

/** The minute, the hour and the day that a quote makes by itself. */
export const candlesOf = (quote: Quote, session: Session): readonly Candle[] =>
  intervals.map((interval) => ({
    assetId: quote.assetId,
    interval,
    startsAt: startOf(interval, quote.at, session),
    ...{ open: quote.last, high: quote.last, low: quote.last, close: quote.last },
    openSequence: quote.sequence,
    closeSequence: quote.sequence,
  }));

/**
 * Two candles of one stretch of time as one. It does not matter which comes first, how they are
 * grouped, or whether one comes twice: so late and repeated quotes lead to the same candles, and a
 * day is the fold of its hours as of its minutes.
 */
function merge(one: Candle, other: Candle): Candle {
  const first = opensBefore(one, other) ? one : other;
  const last = closesAfter(one, other) ? one : other;
  return {
    ...one,
    open: first.open,
    openSequence: first.openSequence,
    high: one.high.greaterThan(other.high) ? one.high : other.high,
    low: one.low.lessThan(other.low) ? one.low : other.low,
    close: last.close,
    closeSequence: last.closeSequence,
  };
}

const opensBefore = (one: Candle, other: Candle): boolean =>
  one.openSequence === other.openSequence
    ? one.open.lessThan(other.open)
    : one.openSequence < other.openSequence;

const closesAfter = (one: Candle, other: Candle): boolean =>
  one.closeSequence === other.closeSequence
    ? one.close.greaterThan(other.close)
    : one.closeSequence > other.closeSequence;

/** One candle for each asset, interval and beginning, in that order: writers lock in one order. */
export function foldCandles(candles: readonly Candle[]): readonly Candle[] {
  const folded = new Map<string, Candle>();
  for (const candle of candles) {
    const key = `${candle.assetId} ${candle.interval} ${candle.startsAt.toISOString()}`;
    const known = folded.get(key);
    folded.set(key, known ? merge(known, candle) : candle);
  }
  return [...folded].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, candle]) => candle);
}
