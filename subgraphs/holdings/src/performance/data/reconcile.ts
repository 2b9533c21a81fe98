import type { Tx } from '../../data/client.ts';
import type { Mismatch } from '../../data/reconcile-lots.ts';

/** What the facts about an account's cash sum to. */
export type ReckonedCash = { readonly accountId: string; readonly cash: string };

export const reckonedCashOf = (tx: Tx, accountIds: readonly string[]): Promise<ReckonedCash[]> =>
  tx.$queryRaw<ReckonedCash[]>`/* reconcile.reckoned-cash */
    SELECT account_id::text AS "accountId", sum(amount)::text AS cash FROM cash_fact
    WHERE account_id = ANY(${[...accountIds]}::uuid[]) GROUP BY account_id`;

const mismatchesMax = 1_000;

/**
 * Positions that are not where their executions and splits lead day by day, and accounts whose last
 * valued day has another cash than their facts until then. What waits to be valued is left out.
 */
export const wrongHistories = (tx: Tx): Promise<Mismatch[]> =>
  tx.$queryRaw<Mismatch[]>`/* reconcile.wrong-histories */
    WITH waiting AS (SELECT account_id, asset_id FROM valuation_mark), compared AS (
      SELECT 'positions = executions through splits' AS law, position.account_id,
        'asset ' || position.asset_id AS subject, coalesce(step.quantity, 0) AS expected,
        position.quantity AS actual
      FROM position LEFT JOIN LATERAL (
        SELECT quantity FROM position_step AS step WHERE step.account_id = position.account_id
          AND step.asset_id = position.asset_id ORDER BY step.day DESC LIMIT 1) AS step ON true
      WHERE NOT EXISTS (SELECT FROM waiting WHERE waiting.account_id = position.account_id
          OR waiting.asset_id = position.asset_id)
        AND NOT EXISTS (SELECT FROM open_action JOIN corporate_action AS a ON a.id = action_id
          WHERE a.asset_id = position.asset_id)
      UNION ALL
      SELECT 'cash of a day = facts until then', valued.account_id, 'day ' || known.day,
        (SELECT coalesce(sum(amount), 0) FROM cash_fact AS fact
         WHERE fact.account_id = valued.account_id AND fact.day <= known.day), known.cash
      FROM account_valuation AS valued JOIN account_day AS known
        ON known.account_id = valued.account_id AND known.day = valued.valued_through
      WHERE NOT EXISTS (SELECT FROM waiting WHERE waiting.account_id = valued.account_id)
    )
    SELECT law, account_id::text AS "accountId", subject, expected::text, actual::text
    FROM compared WHERE expected <> actual ORDER BY account_id, law, subject
    LIMIT ${mismatchesMax}`;
