import { Decimal } from '@simplebank/kernel/decimal';
import type { Tx } from '../../data/client.ts';
import type { SplitNews } from '../domain/split-news.ts';

/**
 * Keeps the highest version of each split and answers by how much more than before each changed its
 * position; older and repeated ones are left out. The money of the accounts is locked.
 */
export async function keepSplits(tx: Tx, told: readonly SplitNews[]): Promise<SplitNews[]> {
  const rows = await tx.$queryRaw<(Omit<SplitNews, 'change'> & { change: string })[]>`
    /* dividends.keep-splits */
    WITH newest AS (
      SELECT DISTINCT ON ("actionId", "accountId") * FROM json_to_recordset(
        ${JSON.stringify(told)}::json)
        AS s("actionId" uuid, "accountId" uuid, symbol text, version int, change numeric)
      ORDER BY "actionId", "accountId", version DESC
    ), known AS (
      SELECT n.*, coalesce(t.change, 0) AS before
      FROM newest n LEFT JOIN told_split t
        ON t.action_id = n."actionId" AND t.account_id = n."accountId"
      WHERE t.version IS NULL OR t.version < n.version
    ), kept AS (
      INSERT INTO told_split (action_id, account_id, version, change)
      SELECT "actionId", "accountId", version, change FROM known
      ON CONFLICT (action_id, account_id) DO UPDATE SET
        version = excluded.version, change = excluded.change
    )
    SELECT "actionId"::text, "accountId"::text, symbol, version, (change - before)::text AS change
    FROM known ORDER BY "actionId", "accountId"`;
  return rows.map(({ change, ...row }) => ({ ...row, change: new Decimal(change) }));
}
