import { Decimal } from '@simplebank/kernel/decimal';
import type { Tx } from '../../data/client.ts';
import type { Candle, Interval } from '../domain/candle.ts';

/**
 * Merges candles into those that are there, as `merge` does, in one statement for a whole batch;
 * one that would change nothing is not written.
 */
export async function mergeCandles(tx: Tx, candles: readonly Candle[]): Promise<void> {
  if (candles.length === 0) return;
  await tx.$executeRaw`
    /* candles.merge */
    INSERT INTO candle (asset_id, interval, starts_at, open, high, low, close, open_sequence,
      close_sequence)
    SELECT "assetId", interval, "startsAt", open, high, low, close, "openSequence", "closeSequence"
    FROM jsonb_to_recordset(${JSON.stringify(candles)}::jsonb) AS given ("assetId" uuid,
      interval text, "startsAt" timestamptz, open numeric, high numeric, low numeric,
      close numeric, "openSequence" bigint, "closeSequence" bigint)
    ORDER BY "assetId", interval, "startsAt"
    ON CONFLICT (asset_id, interval, starts_at) DO UPDATE SET
      open = CASE WHEN (excluded.open_sequence, excluded.open) < (candle.open_sequence, candle.open)
        THEN excluded.open ELSE candle.open END,
      open_sequence = least(candle.open_sequence, excluded.open_sequence),
      high = greatest(candle.high, excluded.high), low = least(candle.low, excluded.low),
      close = CASE WHEN (excluded.close_sequence, excluded.close)
        > (candle.close_sequence, candle.close) THEN excluded.close ELSE candle.close END,
      close_sequence = greatest(candle.close_sequence, excluded.close_sequence)
    WHERE (excluded.open_sequence, excluded.open) < (candle.open_sequence, candle.open)
      OR (excluded.close_sequence, excluded.close) > (candle.close_sequence, candle.close)
      OR excluded.high > candle.high OR excluded.low < candle.low`;
}

/** Days that were not here yet; what is known stays. Answers how many were new. */
export const insertDays = (tx: Tx, candles: readonly Candle[]): Promise<number> =>
  tx.$executeRaw`
    /* candles.insert-days */
    INSERT INTO candle (asset_id, interval, starts_at, open, high, low, close, open_sequence,
      close_sequence)
    SELECT "assetId", 'DAY', "startsAt", open, high, low, close, 0, 0
    FROM jsonb_to_recordset(${JSON.stringify(candles)}::jsonb) AS given ("assetId" uuid,
      "startsAt" timestamptz, open numeric, high numeric, low numeric, close numeric)
    ORDER BY "assetId", "startsAt" ON CONFLICT DO NOTHING`;

/** Removes minutes that began before this, at most `max` at once. */
export const dropMinutes = (
  tx: Tx,
  { before, max }: { readonly before: Date; readonly max: number },
): Promise<number> =>
  tx.$executeRaw`
    /* candles.drop-minutes */
    DELETE FROM candle WHERE interval = 'MINUTE' AND (asset_id, starts_at) IN (
      SELECT asset_id, starts_at FROM candle
      WHERE interval = 'MINUTE' AND starts_at < ${before.toISOString()}::timestamptz
      ORDER BY starts_at LIMIT ${max}::int)`;

export type Stretch = {
  readonly interval: Interval;
  /** Null: from the first one, or up to the last one. */
  readonly from: Date | null;
  readonly to: Date | null;
  readonly after: Date | null;
  readonly limit: number;
};
type Row = Record<'assetId' | 'open' | 'high' | 'low' | 'close', string> & {
  readonly startsAt: Date;
};

const instant = (at: Date | null, otherwise: string): string => at?.toISOString() ?? otherwise;

/** The same stretch of each asset, the oldest first; one statement for all assets. */
export async function candlesOfAssets(
  db: Tx,
  assetIds: readonly string[],
  { interval, from, to, after, limit }: Stretch,
): Promise<Candle[]> {
  const rows = await db.$queryRaw<Row[]>`
    /* candles.page */
    SELECT asset.id::text AS "assetId", page.* FROM unnest(${[...assetIds]}::uuid[]) AS asset (id)
    CROSS JOIN LATERAL (
      SELECT starts_at AS "startsAt", open::text, high::text, low::text, close::text FROM candle
      WHERE asset_id = asset.id AND interval = ${interval}
        AND starts_at >= ${instant(from, '-infinity')}::timestamptz
        AND starts_at < ${instant(to, 'infinity')}::timestamptz
        AND starts_at > ${instant(after, '-infinity')}::timestamptz
      ORDER BY starts_at LIMIT ${limit}::int) AS page`;
  return rows.map(({ assetId, startsAt, ...prices }) => ({
    ...{ assetId, interval, startsAt, openSequence: 0, closeSequence: 0 },
    open: new Decimal(prices.open),
    high: new Decimal(prices.high),
    low: new Decimal(prices.low),
    close: new Decimal(prices.close),
  }));
}

export type Moment = { readonly assetId: string; readonly before: Date };

/** The last close before each moment, in their order; null where there is none. */
export async function closesBefore(
  db: Tx,
  moments: readonly Moment[],
): Promise<readonly (Decimal | null)[]> {
  if (moments.length === 0) return [];
  const rows = await db.$queryRaw<{ close: string | null }[]>`
    /* candles.closes-before */
    SELECT last.close::text FROM unnest(${moments.map(({ assetId }) => assetId)}::uuid[],
      ${moments.map(({ before }) => before.toISOString())}::timestamptz[]) WITH ORDINALITY
      AS moment (asset_id, before, n)
    LEFT JOIN LATERAL (
      SELECT close FROM candle
      WHERE candle.asset_id = moment.asset_id AND interval = 'DAY' AND starts_at < moment.before
      ORDER BY starts_at DESC LIMIT 1) AS last ON true
    ORDER BY n`;
  return rows.map(({ close }) => (close === null ? null : new Decimal(close)));
}
