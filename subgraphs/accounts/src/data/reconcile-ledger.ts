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

/** Balances that are not the sum of their facts (domain §2.5 and §2.7, §13 laws 1, 2 and 8). */
export const wrongBalances = (tx: Tx): Promise<Mismatch[]> =>
  tx.$queryRaw<Mismatch[]>`/* reconcile.wrong-balances */
    WITH posted AS (
      SELECT ledger_account_id AS id, sum(amount) AS amount FROM entry GROUP BY 1
    ), held AS (
      SELECT h.ledger_account_id AS id, sum(h.amount - (
        SELECT coalesce(sum(c.amount), 0) FROM hold_capture c WHERE c.hold_id = h.id)) AS amount
      FROM hold h WHERE NOT EXISTS (SELECT FROM hold_resolution r WHERE r.hold_id = h.id) GROUP BY 1
    ), unsettled AS (
      SELECT ledger_account_id AS id, sum(net) AS amount FROM settlement_item
      WHERE settled_at IS NULL GROUP BY 1
    ), compared AS (
      SELECT l.account_id, l.kind, v.law, coalesce(v.facts, 0) AS facts, v.balance
      FROM ledger_account l
      LEFT JOIN posted ON posted.id = l.id
      LEFT JOIN held ON held.id = l.id
      LEFT JOIN unsettled ON unsettled.id = l.id
      CROSS JOIN LATERAL (VALUES ('posted = entries', posted.amount, l.posted),
        ('held = open holds', held.amount, l.held),
        ('unsettled = open sales', unsettled.amount, l.unsettled)) AS v (law, facts, balance)
      WHERE l.account_id IS NOT NULL
    )
    SELECT law, account_id::text AS "accountId", kind AS subject, facts::text AS expected,
      balance::text AS actual
    FROM compared WHERE facts <> balance ORDER BY account_id, law LIMIT ${mismatchesMax}`;

/** Transactions that do not sum to zero, or have fewer than two entries. */
export const unbalanced = (tx: Tx): Promise<Mismatch[]> =>
  tx.$queryRaw<Mismatch[]>`/* reconcile.unbalanced */
    SELECT 'entries sum to 0' AS law, NULL AS "accountId", t.kind || ' ' || t.reference AS subject,
      '0' AS expected, coalesce(e.amount, 0)::text || ' in ' || coalesce(e.entries, 0) AS actual
    FROM transaction t
    LEFT JOIN (
      SELECT transaction_id, sum(amount) AS amount, count(*) AS entries FROM entry GROUP BY 1
    ) AS e ON e.transaction_id = t.id
    WHERE coalesce(e.entries, 0) < 2 OR e.amount <> 0
    ORDER BY t.id LIMIT ${mismatchesMax}`;

/** Money held for withdrawals that have ended, or that nobody asked for. */
export const idleWithdrawalHolds = (tx: Tx): Promise<Mismatch[]> =>
  tx.$queryRaw<Mismatch[]>`/* reconcile.idle-withdrawal-holds */
    SELECT 'hold = withdrawal under way' AS law, l.account_id::text AS "accountId",
      'payment ' || h.reference AS subject, '0' AS expected, h.amount::text AS actual
    FROM hold h
    JOIN ledger_account l ON l.id = h.ledger_account_id
    LEFT JOIN payment p ON p.id::text = h.reference
    WHERE h.purpose = 'WITHDRAWAL'
      AND NOT EXISTS (SELECT FROM hold_resolution r WHERE r.hold_id = h.id)
      AND (p.id IS NULL OR p.ended_at IS NOT NULL)
    ORDER BY h.id LIMIT ${mismatchesMax}`;
