import type { Database, Tx } from './client.ts';

export type Instrument = {
  readonly assetId: string;
  readonly symbol: string;
  readonly currency: string;
  readonly state: string;
  readonly version: number;
};

/** Keeps the highest version of each, whatever the order of arrival. */
export async function saveInstruments(tx: Tx, instruments: readonly Instrument[]): Promise<void> {
  await tx.$executeRaw`
    /* market.save-instruments */
    INSERT INTO instrument (asset_id, symbol, currency, state, version)
    SELECT DISTINCT ON ("assetId") "assetId", symbol, currency, state, version
    FROM jsonb_to_recordset(${JSON.stringify(instruments)}::jsonb) AS input ("assetId" uuid,
      symbol text, currency text, state text, version int)
    ORDER BY "assetId", version DESC
    ON CONFLICT (asset_id) DO UPDATE SET symbol = excluded.symbol, currency = excluded.currency,
      state = excluded.state, version = excluded.version
    WHERE instrument.version < excluded.version`;
}

export type Quoting = {
  readonly at: Date;
  /** Whatever was not quoted since then is due at once. */
  readonly since: Date;
  /** The others are due unless one of them was quoted after this. */
  readonly lastRound: Date;
  /** How many of the others are due, those first that wait longest. */
  readonly routineMax: number;
  readonly urgentMax: number;
};
export type DueInstrument = {
  readonly assetId: string;
  readonly symbol: string;
  readonly sequence: number;
};

/** Whether any instrument's turn has come: a cheap look, where taking them costs a transaction. */
export async function isQuoteDue(db: Database, due: Omit<Quoting, 'at'>): Promise<boolean> {
  const { since, lastRound, routineMax, urgentMax } = due;
  const [row] = await db.$queryRaw<{ due: boolean }[]>`
    /* market.is-quote-due */
    SELECT (${urgentMax}::int > 0 AND EXISTS (
        SELECT FROM instrument
        WHERE state <> 'DELISTED' AND (quoted_at IS NULL OR quoted_at < ${since}::timestamptz)))
      OR (${routineMax}::int > 0 AND EXISTS (SELECT FROM instrument WHERE state <> 'DELISTED')
        AND NOT EXISTS (SELECT FROM instrument WHERE quoted_at > ${lastRound}::timestamptz))
      AS due`;
  return row?.due ?? false;
}

/**
 * Takes the instruments whose turn it is and gives each its next sequence: milliseconds of the
 * clock, or one more than the last if that is higher, so that it rises across restarts and a clock
 * set back.
 */
export async function takeDueInstruments(tx: Tx, due: Quoting): Promise<readonly DueInstrument[]> {
  const { at, since, lastRound, routineMax, urgentMax } = due;
  return tx.$queryRaw<DueInstrument[]>`
    /* market.take-due-instruments */
    WITH urgent AS (
      SELECT asset_id FROM instrument
      WHERE state <> 'DELISTED' AND (quoted_at IS NULL OR quoted_at < ${since}::timestamptz)
      ORDER BY quoted_at NULLS FIRST, asset_id LIMIT ${urgentMax}::int
    ), routine AS (
      SELECT asset_id FROM instrument
      WHERE state <> 'DELISTED'
        AND NOT EXISTS (SELECT FROM instrument WHERE quoted_at > ${lastRound}::timestamptz)
      ORDER BY quoted_at NULLS FIRST, asset_id LIMIT ${routineMax}::int
    ), due AS (SELECT asset_id FROM urgent UNION SELECT asset_id FROM routine)
    UPDATE instrument SET quoted_at = ${at}::timestamptz,
      quote_sequence = greatest(quote_sequence + 1, ${BigInt(at.getTime())}::bigint)
    FROM due WHERE instrument.asset_id = due.asset_id
    RETURNING instrument.asset_id::text AS "assetId", symbol, quote_sequence::float8 AS sequence`;
}
