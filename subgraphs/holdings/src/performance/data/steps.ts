import type { Tx } from '../../data/client.ts';
import { Prisma } from '../../generated/prisma/client.ts';

/** What an account holds of an asset changes from this day on. */
export type StepTarget = {
  readonly accountId: string;
  readonly assetId: string;
  readonly fromDay: string;
};

const { sql } = Prisma;

type Columns = {
  readonly accounts: readonly string[];
  readonly assets: readonly string[];
  readonly days: readonly string[];
};

const targets = ({ accounts, assets, days }: Columns) => sql`
    unnest(${[...accounts]}::uuid[], ${[...assets]}::uuid[], ${[...days]}::date[])
      AS target (account_id, asset_id, from_day)`;

/** What was held before the first day, and the splits since then, counted. */
const openings = (columns: Columns) => sql`
    opening AS (
      SELECT target.*, coalesce((
        SELECT step.quantity FROM position_step AS step
        WHERE step.account_id = target.account_id AND step.asset_id = target.asset_id
          AND step.day < target.from_day
        ORDER BY step.day DESC LIMIT 1), 0) AS quantity
      FROM ${targets(columns)}
    )`;

const movements = sql`
    split AS (
      SELECT o.account_id, o.asset_id, a.ex_date, a.numerator, a.denominator, row_number() OVER (
        PARTITION BY o.account_id, o.asset_id ORDER BY a.ex_date, a.id) AS nth
      FROM opening AS o JOIN corporate_action AS a ON a.asset_id = o.asset_id
      WHERE a.kind = 'SPLIT' AND a.ex_date >= o.from_day
    ), moved AS (
      SELECT e.account_id, e.asset_id, e.trade_date AS day, sum(CASE e.side
        WHEN 'BUY' THEN e.quantity ELSE coalesce(m.quantity, 0) - e.quantity END) AS net
      FROM opening AS o
      JOIN execution AS e ON e.account_id = o.account_id AND e.asset_id = o.asset_id
      LEFT JOIN missing_shares AS m
        ON m.order_id = e.order_id AND m.execution_id = e.execution_id
      WHERE e.trade_date >= o.from_day
      GROUP BY e.account_id, e.asset_id, e.trade_date
    ),
    change AS (
      SELECT account_id, asset_id, day, net, (
        SELECT count(*) FROM split AS s WHERE s.account_id = moved.account_id
          AND s.asset_id = moved.asset_id AND s.ex_date <= moved.day) AS segment
      FROM moved
      UNION ALL
      SELECT account_id, asset_id, ex_date, 0, nth FROM split
    )`;

/** What a split leaves of all that was moved since the one before it. */
const bases = sql`
    based AS (
      SELECT account_id, asset_id, 0::bigint AS segment, quantity AS base FROM opening
      UNION ALL
      SELECT b.account_id, b.asset_id, s.nth, div((b.base + coalesce((
          SELECT sum(c.net) FROM change AS c WHERE c.account_id = b.account_id
            AND c.asset_id = b.asset_id AND c.segment = b.segment), 0))
        * 1000000000 * s.numerator, s.denominator) * 0.000000001
      FROM based AS b JOIN split AS s ON s.account_id = b.account_id
        AND s.asset_id = b.asset_id AND s.nth = b.segment + 1
    )`;

/**
 * Reckons what accounts held of assets anew from a day on: the executions of each trade date, and
 * at each ex-date the floor of quantity × n ÷ d in parts of 9 decimals (domain §4.4). It follows
 * from what was booked alone, so it is the same for any order in which that came.
 */
export async function reckonSteps(tx: Tx, wanted: readonly StepTarget[]): Promise<void> {
  if (wanted.length === 0) return;
  const columns = {
    accounts: wanted.map(({ accountId }) => accountId),
    assets: wanted.map(({ assetId }) => assetId),
    days: wanted.map(({ fromDay }) => fromDay),
  };
  await tx.$executeRaw`
    /* performance.drop-steps */
    DELETE FROM position_step AS step
    USING ${targets(columns)}
    WHERE step.account_id = target.account_id AND step.asset_id = target.asset_id
      AND step.day >= target.from_day`;
  await tx.$executeRaw`
    /* performance.reckon-steps */
    WITH RECURSIVE ${openings(columns)}, ${movements}, ${bases}, running AS (
      SELECT c.account_id, c.asset_id, c.day, c.segment, b.base + sum(c.net) OVER (
        PARTITION BY c.account_id, c.asset_id, c.segment ORDER BY c.day) AS quantity
      FROM change AS c JOIN based AS b USING (account_id, asset_id, segment)
    )
    INSERT INTO position_step (account_id, asset_id, day, quantity)
    SELECT DISTINCT ON (account_id, asset_id, day) account_id, asset_id, day, quantity
    FROM running ORDER BY account_id, asset_id, day, segment DESC`;
}
