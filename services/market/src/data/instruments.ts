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
  /** Its last quote; null when it had none. */
  readonly quotedAt: Date | null;
  /** Since when the first source has had no quote of it; null while it has. */
  readonly silentSince: Date | null;
};

/** Instruments whose turn has come. It takes nothing: whoever has their prices takes them then. */
export async function dueInstruments(
  db: Database,
  { since, lastRound, routineMax, urgentMax }: Quoting,
): Promise<readonly DueInstrument[]> {
  return db.$queryRaw<DueInstrument[]>`
    /* market.due-instruments */
    WITH urgent AS (
      SELECT asset_id FROM instrument
      WHERE state <> 'DELISTED' AND (quoted_at IS NULL OR quoted_at < ${since}::timestamptz)
      ORDER BY quoted_at NULLS FIRST, asset_id LIMIT ${urgentMax}::int
    ), routine AS (
      SELECT asset_id FROM instrument
      WHERE state <> 'DELISTED'
        AND NOT EXISTS (SELECT FROM instrument WHERE quoted_at > ${lastRound}::timestamptz)
      ORDER BY greatest(quoted_at, asked_at) NULLS FIRST, asset_id LIMIT ${routineMax}::int
    )
    SELECT asset_id::text AS "assetId", symbol, quoted_at AS "quotedAt",
      silent_since AS "silentSince" FROM instrument
    WHERE asset_id IN (SELECT asset_id FROM urgent UNION SELECT asset_id FROM routine)`;
}

/**
 * Takes down that the first source had nothing about these. One that nobody quotes goes behind the
 * others, or it would keep them from their turn.
 */
export async function noteSilence(
  db: Database,
  { at, silent }: { readonly at: Date; readonly silent: readonly DueInstrument[] },
): Promise<void> {
  await db.$executeRaw`
    /* market.note-silence */
    WITH mute AS (
      SELECT asset_id FROM instrument
      WHERE asset_id = ANY(${silent.map(({ assetId }) => assetId)}::uuid[])
      ORDER BY asset_id FOR UPDATE
    )
    UPDATE instrument SET silent_since = coalesce(silent_since, ${at}::timestamptz),
      asked_at = ${at}::timestamptz
    FROM mute WHERE instrument.asset_id = mute.asset_id`;
}

export type TakenInstrument = {
  readonly assetId: string;
  readonly symbol: string;
  readonly sequence: number;
};
type QuotedInstrument = DueInstrument & { readonly isFromFirst: boolean };
type Taking = { readonly at: Date; readonly due: readonly QuotedInstrument[] };

/**
 * Takes those that nobody has taken since they were seen and gives each its next sequence:
 * milliseconds of the clock, or one more than the last if that is higher, so that it rises across
 * restarts and a clock set back.
 */
export async function takeDue(tx: Tx, { at, due }: Taking): Promise<readonly TakenInstrument[]> {
  return tx.$queryRaw<TakenInstrument[]>`
    /* market.take-due */
    UPDATE instrument SET quoted_at = ${at}::timestamptz,
      silent_since = CASE WHEN "isFromFirst" THEN NULL ELSE silent_since END,
      quote_sequence = greatest(quote_sequence + 1, ${BigInt(at.getTime())}::bigint)
    FROM jsonb_to_recordset(${JSON.stringify(due)}::jsonb) AS seen ("assetId" uuid,
      "quotedAt" timestamptz, "isFromFirst" boolean)
    WHERE instrument.asset_id = seen."assetId"
      AND instrument.quoted_at IS NOT DISTINCT FROM seen."quotedAt"
    RETURNING instrument.asset_id::text AS "assetId", symbol, quote_sequence::float8 AS sequence`;
}
