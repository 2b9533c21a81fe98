import type { Tx } from './client.ts';

/** A law of this context alone that a row breaks. */
export type Mismatch = {
  readonly law: string;
  readonly accountId: string | null;
  readonly subject: string;
  readonly expected: string;
  readonly actual: string;
};

const mismatchesMax = 1_000;

/** Positions that are not the sum of their lots or open reservations (domain §13 laws 2 and 5). */
export const wrongPositions = (tx: Tx): Promise<Mismatch[]> =>
  tx.$queryRaw<Mismatch[]>`/* reconcile.wrong-positions */
    WITH lots AS (
      SELECT account_id, asset_id, sum(remaining) AS quantity, sum(remaining_cost) AS cost
      FROM lot GROUP BY 1, 2
    ), set_aside AS (
      SELECT account_id, asset_id, sum(quantity - consumed - released) AS quantity
      FROM reservation WHERE state = 'RESERVED' GROUP BY 1, 2
    ), compared AS (
      SELECT account_id, asset_id, v.law, coalesce(v.facts, 0) AS facts,
        coalesce(v.balance, 0) AS balance
      FROM position
      FULL JOIN lots USING (account_id, asset_id)
      FULL JOIN set_aside USING (account_id, asset_id)
      CROSS JOIN LATERAL (VALUES ('position = lots', lots.quantity, position.quantity),
        ('cost = cost of lots', lots.cost, position.cost),
        ('reserved = open reservations', set_aside.quantity, position.reserved))
        AS v (law, facts, balance)
    )
    SELECT law, account_id::text AS "accountId", 'asset ' || asset_id AS subject,
      facts::text AS expected, balance::text AS actual
    FROM compared WHERE facts <> balance ORDER BY account_id, asset_id, law
    LIMIT ${mismatchesMax}`;

/**
 * Splits that are not the floor of what was held before them, or not what their lots say: what was
 * held then is what was traded until then, through the splits before (domain §4.4).
 */
export const wrongSplits = (tx: Tx): Promise<Mismatch[]> =>
  tx.$queryRaw<Mismatch[]>`/* reconcile.wrong-splits */
    WITH done AS (
      SELECT p.*, a.ex_date, a.numerator, a.denominator FROM position_action AS p
      JOIN corporate_action AS a ON a.id = p.action_id WHERE a.kind = 'SPLIT'
    ), compared AS (
      SELECT done.account_id, done.asset_id, done.action_id, v.law, v.facts, v.balance FROM done
      CROSS JOIN LATERAL (
        SELECT coalesce(sum(CASE e.side WHEN 'BUY' THEN e.quantity
                            ELSE coalesce(m.quantity, 0) - e.quantity END), 0) AS quantity
        FROM execution AS e LEFT JOIN missing_shares AS m USING (order_id, execution_id)
        WHERE e.account_id = done.account_id AND e.asset_id = done.asset_id
          AND e.trade_date < done.ex_date
      ) AS traded
      CROSS JOIN LATERAL (
        SELECT coalesce(sum(before.quantity_after - before.quantity), 0) AS quantity
        FROM done AS before
        WHERE before.account_id = done.account_id AND before.asset_id = done.asset_id
          AND (before.ex_date, before.action_id) < (done.ex_date, done.action_id)
      ) AS earlier
      CROSS JOIN LATERAL (
        SELECT coalesce(sum(s.quantity_after), 0) AS quantity
        FROM lot_split AS s JOIN lot ON lot.id = s.lot_id
        WHERE s.action_id = done.action_id AND lot.account_id = done.account_id
      ) AS lots
      CROSS JOIN LATERAL (VALUES
        ('shares before a split = trades', traded.quantity + earlier.quantity, done.quantity),
        ('shares after a split = floor', div(done.quantity * 1000000000 * done.numerator,
          done.denominator) / 1000000000, done.quantity_after),
        ('lots after a split = position', lots.quantity, done.quantity_after))
        AS v (law, facts, balance)
    )
    SELECT law, account_id::text AS "accountId",
      'split ' || action_id || ' of asset ' || asset_id AS subject, facts::text AS expected,
      balance::text AS actual
    FROM compared WHERE facts <> balance ORDER BY account_id, asset_id, action_id, law
    LIMIT ${mismatchesMax}`;

/** Lots of which shares or cents are lost: what was taken and what is left is what was bought. */
export const lossyLots = (tx: Tx): Promise<Mismatch[]> =>
  tx.$queryRaw<Mismatch[]>`/* reconcile.lossy-lots */
    WITH taken AS (
      SELECT lot_id, sum(quantity) AS quantity, sum(cost) AS cost, sum(buy_fee) AS fee
      FROM lot_match GROUP BY 1
    )
    SELECT 'taken + left = bought' AS law, lot.account_id::text AS "accountId",
      'lot ' || lot.id AS subject, lot.quantity + lot.split_change || ' for ' || lot.cost
        || ' + ' || lot.fee AS expected,
      lot.remaining + coalesce(taken.quantity, 0) || ' for '
        || lot.remaining_cost + coalesce(taken.cost, 0) || ' + '
        || lot.remaining_fee + coalesce(taken.fee, 0) AS actual
    FROM lot LEFT JOIN taken ON taken.lot_id = lot.id
    WHERE lot.quantity + lot.split_change <> lot.remaining + coalesce(taken.quantity, 0)
      OR lot.cost <> lot.remaining_cost + coalesce(taken.cost, 0)
      OR lot.fee <> lot.remaining_fee + coalesce(taken.fee, 0)
    ORDER BY lot.id LIMIT ${mismatchesMax}`;
