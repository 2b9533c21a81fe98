import type { Tx } from '../../data/client.ts';
import type { Session } from '../domain/session.ts';

/** What an asset closed at; a correction has the next version. */
export type Close = {
  readonly date: string;
  readonly assetId: string;
  readonly close: string;
  readonly currency: string;
  readonly version: number;
};

/**
 * Takes down what the days of these sessions closed at, where that is not known yet or was another
 * price; answers what it took down, at most `limit`. Assets without a price that day have no close.
 */
export const takeDownCloses = (
  tx: Tx,
  sessions: readonly Session[],
  limit: number,
): Promise<Close[]> =>
  tx.$queryRaw<Close[]>`
    /* closes.take-down */
    WITH due AS (
      SELECT day.date, candle.asset_id, candle.close
      FROM unnest(${sessions.map(({ date }) => date)}::date[],
        ${sessions.map(({ start }) => start.toISOString())}::timestamptz[]) AS day (date, start)
      JOIN candle ON interval = 'DAY' AND starts_at = day.start
      JOIN asset ON asset.id = candle.asset_id
      LEFT JOIN price_close AS known
        ON known.date = day.date AND known.asset_id = candle.asset_id
      WHERE known.close IS DISTINCT FROM candle.close
      ORDER BY day.date, candle.asset_id LIMIT ${limit}::int
    ), taken AS (
      INSERT INTO price_close AS known (date, asset_id, close, version)
      SELECT date, asset_id, close, 1 FROM due
      ON CONFLICT (date, asset_id)
        DO UPDATE SET close = excluded.close, version = known.version + 1
        WHERE known.close <> excluded.close
      RETURNING date, asset_id, close, version
    )
    SELECT date::text, asset_id::text AS "assetId", trim_scale(taken.close)::text AS close,
      currency, taken.version
    FROM taken JOIN asset ON asset.id = asset_id ORDER BY date, taken.version, asset_id`;

/** The closes of recorded days that were not known yet. */
export const insertCloses = (
  tx: Tx,
  closes: readonly { readonly date: string; readonly assetId: string; readonly close: string }[],
): Promise<Close[]> =>
  tx.$queryRaw<Close[]>`
    /* closes.insert */
    WITH taken AS (
      INSERT INTO price_close (date, asset_id, close, version)
      SELECT date, "assetId", close, 1
      FROM jsonb_to_recordset(${JSON.stringify(closes)}::jsonb)
        AS given (date date, "assetId" uuid, close numeric)
      ORDER BY date, "assetId" ON CONFLICT DO NOTHING
      RETURNING date, asset_id, close, version
    )
    SELECT date::text, asset_id::text AS "assetId", trim_scale(taken.close)::text AS close,
      currency, taken.version
    FROM taken JOIN asset ON asset.id = asset_id ORDER BY date, asset_id`;
