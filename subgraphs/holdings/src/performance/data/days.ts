import type { Tx } from '../../data/client.ts';
import { Prisma } from '../../generated/prisma/client.ts';

/** An account whose days are to be valued; null: those after the last that is valued. */
export type DayTarget = { readonly accountId: string; readonly fromDay: string | null };

/** So many days of an account in one transaction, that none is long however old it is. */
const daysAtOnce = 31;

/**
 * Values accounts day by day from a day on, and from the first that is not valued at the latest,
 * through the last day that is over, or a month of days: what is left is unvalued and comes next.
 * One statement: cash goes on from the day before; shares are those of the steps at the last close
 * up to each day, put on that day's basis where a split lies between; each position is worth its
 * cents, half up, as it is shown. A month of 50 positions is 1,550 look-ups in an index.
 */
export async function reckonDays(
  tx: Tx,
  targets: readonly DayTarget[],
  through: string,
): Promise<void> {
  if (targets.length === 0) return;
  const accounts = targets.map(({ accountId }) => accountId);
  const days = targets.map(({ fromDay }) => fromDay);
  await tx.$executeRaw`
    /* performance.open-valuations */
    INSERT INTO account_valuation AS valued (account_id, first_day, valued_through)
    SELECT account_id, from_day, from_day - 1
    FROM unnest(${accounts}::uuid[], ${days}::date[]) AS target (account_id, from_day)
    WHERE from_day IS NOT NULL ORDER BY account_id
    ON CONFLICT (account_id) DO UPDATE SET
      first_day = least(valued.first_day, excluded.first_day),
      valued_through = least(valued.valued_through, excluded.valued_through)`;
  await insertDays(tx, accounts, through);
  await tx.$executeRaw`
    /* performance.close-valuations */
    UPDATE account_valuation
    SET valued_through = least(${through}::date, valued_through + ${daysAtOnce}::int)
    WHERE account_id = ANY(${accounts}::uuid[]) AND valued_through < ${through}::date`;
}

const { sql } = Prisma;

/** What is to be valued: after its last valued day, with the cash that it had then. */
const targets = (accounts: readonly string[], through: string) => sql`
    target AS MATERIALIZED (
      SELECT account_id, valued_through + 1 AS from_day,
        least(${through}::date, valued_through + ${daysAtOnce}::int) AS to_day, coalesce((
        SELECT cash FROM account_day AS before WHERE before.account_id = valued.account_id
          AND before.day = valued.valued_through), 0) AS cash
      FROM account_valuation AS valued
      WHERE account_id = ANY(${[...accounts]}::uuid[]) AND valued_through < ${through}::date
    )`;

/** By what facts move cash on each day, and what of it came from outside. */
const moved = sql`
    moved AS (
      SELECT fact.account_id, fact.day, sum(amount) AS amount,
        coalesce(sum(amount) FILTER (WHERE is_flow AND amount > 0), 0) AS inflow,
        coalesce(-sum(amount) FILTER (WHERE is_flow AND amount < 0), 0) AS outflow
      FROM target JOIN cash_fact AS fact ON fact.account_id = target.account_id
        AND fact.day BETWEEN target.from_day AND target.to_day
      CROSS JOIN LATERAL (SELECT fact.kind IN
        ('DEPOSIT', 'DEPOSIT_RETURNED', 'WITHDRAWAL', 'WITHDRAWAL_RETURNED') AS is_flow) AS flow
      GROUP BY fact.account_id, fact.day
    )`;

/** From which day to which an account holds how much of what. */
const spans = sql`
    held AS (
      SELECT target.account_id, position.asset_id, target.from_day AS day, target.to_day,
        step.quantity
      FROM target JOIN position USING (account_id)
      CROSS JOIN LATERAL (
        SELECT quantity FROM position_step AS step WHERE step.account_id = position.account_id
          AND step.asset_id = position.asset_id AND step.day <= target.from_day
        ORDER BY step.day DESC LIMIT 1) AS step
      UNION ALL
      SELECT step.account_id, step.asset_id, step.day, target.to_day, step.quantity
      FROM target JOIN position_step AS step ON step.account_id = target.account_id
        AND step.day > target.from_day AND step.day <= target.to_day
    ), span AS (
      SELECT account_id, asset_id, quantity, day, coalesce(lead(day) OVER (
        PARTITION BY account_id, asset_id ORDER BY day) - 1, to_day) AS last_day
      FROM held
    )`;

/** What each day's shares are worth at the last close until then; null without one. */
const shares = sql`
    priced AS (
      SELECT span.account_id, date.day, round(CASE
          WHEN last.day = date.day THEN span.quantity * last.close
          ELSE (SELECT span.quantity * last.close * product(denominator) / product(numerator)
                FROM corporate_action AS a WHERE a.asset_id = span.asset_id AND a.kind = 'SPLIT'
                  AND a.ex_date > last.day AND a.ex_date <= date.day) END, 2) AS value
      FROM span
      CROSS JOIN LATERAL generate_series(0, span.last_day - span.day) AS nth (days)
      CROSS JOIN LATERAL (SELECT span.day + nth.days AS day) AS date
      LEFT JOIN LATERAL (
        SELECT close, day FROM asset_close AS c
        WHERE c.asset_id = span.asset_id AND c.day <= date.day
        ORDER BY c.day DESC LIMIT 1) AS last ON true
      WHERE span.quantity <> 0
    ), shares AS (
      SELECT account_id, day, CASE WHEN bool_or(value IS NULL) THEN NULL ELSE sum(value) END
        AS value
      FROM priced GROUP BY account_id, day
    )`;

async function insertDays(tx: Tx, accounts: readonly string[], through: string): Promise<void> {
  await tx.$executeRaw`
    /* performance.reckon-days */
    WITH ${targets(accounts, through)}, ${moved}, ${spans}, ${shares}
    INSERT INTO account_day AS known (account_id, day, cash, shares, inflow, outflow)
    SELECT target.account_id, date.day,
      target.cash + sum(coalesce(moved.amount, 0)) OVER (
        PARTITION BY target.account_id ORDER BY date.day),
      CASE WHEN shares.account_id IS NULL THEN 0 ELSE shares.value END,
      coalesce(moved.inflow, 0), coalesce(moved.outflow, 0)
    FROM target
    CROSS JOIN LATERAL generate_series(0, target.to_day - target.from_day) AS nth (days)
    CROSS JOIN LATERAL (SELECT target.from_day + nth.days AS day) AS date
    LEFT JOIN moved ON moved.account_id = target.account_id AND moved.day = date.day
    LEFT JOIN shares ON shares.account_id = target.account_id AND shares.day = date.day
    ON CONFLICT (account_id, day) DO UPDATE SET cash = excluded.cash, shares = excluded.shares,
      inflow = excluded.inflow, outflow = excluded.outflow
    WHERE (known.cash, known.shares, known.inflow, known.outflow)
      IS DISTINCT FROM (excluded.cash, excluded.shares, excluded.inflow, excluded.outflow)`;
}
