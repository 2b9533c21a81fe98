import type { Tx } from '../../data/client.ts';

/** From which day on something of an account is to be reckoned again; null is its cash. */
export type Mark = {
  readonly accountId: string;
  readonly assetId: string | null;
  readonly fromDay: string;
};

/**
 * Turns marks of assets into marks of the accounts that are concerned: a close those that hold the
 * asset and are valued beyond that day, a split all that ever held it; none of them before the
 * first fact of the account. What is not valued at all yet will find both. Answers how many there
 * were. A usual close concerns nobody: it is told before its day is valued.
 */
export async function spreadAssetMarks(tx: Tx, limit: number): Promise<number> {
  const [row] = await tx.$queryRaw<{ taken: number }[]>`
    /* performance.spread-asset-marks */
    WITH taken AS (
      DELETE FROM valuation_mark WHERE position IN (
        SELECT position FROM valuation_mark WHERE account_id IS NULL
        ORDER BY position LIMIT ${limit}::int)
      RETURNING kind, asset_id, from_day
    ), marked AS (
      SELECT kind, asset_id, min(from_day) AS from_day FROM taken GROUP BY kind, asset_id
    ), spread AS (
      INSERT INTO valuation_mark (kind, account_id, asset_id, from_day)
      SELECT 'SHARES', account_id, asset_id, greatest(from_day, first_day)
      FROM marked JOIN position USING (asset_id) JOIN account_valuation USING (account_id)
      WHERE kind = 'SPLIT'
      UNION ALL
      SELECT 'CASH', account_id, NULL, min(greatest(from_day, first_day))
      FROM marked JOIN position USING (asset_id) JOIN account_valuation USING (account_id)
      WHERE kind = 'CLOSE' AND valued_through >= from_day
      GROUP BY account_id
    )
    SELECT count(*)::int AS taken FROM taken`;
  return row?.taken ?? 0;
}

/** Takes all marks of the accounts that have waited longest, at most so many accounts. */
export async function takeAccountMarks(tx: Tx, accounts: number): Promise<Mark[]> {
  return tx.$queryRaw<Mark[]>`
    /* performance.take-account-marks */
    WITH waiting AS (
      SELECT account_id FROM valuation_mark WHERE account_id IS NOT NULL
      GROUP BY account_id ORDER BY min(position) LIMIT ${accounts}::int
    ), taken AS (
      DELETE FROM valuation_mark USING waiting
      WHERE valuation_mark.account_id = waiting.account_id
      RETURNING valuation_mark.account_id, asset_id, from_day
    )
    SELECT account_id AS "accountId", asset_id AS "assetId", min(from_day)::text AS "fromDay"
    FROM taken GROUP BY account_id, asset_id ORDER BY account_id, asset_id`;
}

/** Accounts of which days are over that are not valued yet, those of the earliest days first. */
export async function findUnvalued(tx: Tx, through: string, limit: number): Promise<string[]> {
  const rows = await tx.$queryRaw<{ accountId: string }[]>`
    /* performance.unvalued */
    SELECT account_id AS "accountId" FROM account_valuation
    WHERE valued_through < ${through}::date
    ORDER BY valued_through, account_id LIMIT ${limit}::int`;
  return rows.map(({ accountId }) => accountId);
}
