import type { Tx } from '../../data/client.ts';

export type AccountMonth = { readonly accountId: string; readonly month: string };
export type DueMonths = {
  /** Months before this one have ended. */
  readonly before: string;
  readonly max: number;
};

/**
 * The next month of each account that nobody has asked for yet, from the month in which it was
 * opened. An account that never became active gets no statements, a closed one none after its last.
 */
export async function findDueMonths(tx: Tx, { before, max }: DueMonths): Promise<AccountMonth[]> {
  return tx.$queryRaw<AccountMonth[]>`/* statements.find-due-months */
    SELECT a.id::text AS "accountId", due.month
    FROM account a
    LEFT JOIN LATERAL (
      SELECT max(month) AS month FROM statement_request WHERE account_id = a.id
    ) AS last ON true
    CROSS JOIN LATERAL (
      SELECT coalesce(to_char(to_date(last.month, 'YYYY-MM') + interval '1 month', 'YYYY-MM'),
                      to_char(a.created_at AT TIME ZONE 'America/New_York', 'YYYY-MM')) AS month
    ) AS due
    WHERE due.month < ${before}
      AND a.status NOT IN ('ONBOARDING', 'SUBMITTED', 'ACTION_REQUIRED', 'REJECTED')
      AND (a.status <> 'CLOSED' OR EXISTS (
        SELECT FROM activity WHERE account_id = a.id
          AND at >= to_date(due.month, 'YYYY-MM')::timestamp AT TIME ZONE 'America/New_York'))
    ORDER BY a.id LIMIT ${max}`;
}

export async function insertRequests(
  tx: Tx,
  months: readonly AccountMonth[],
  askedAt: Date,
): Promise<void> {
  await tx.statementRequest.createMany({ data: months.map((one) => ({ ...one, askedAt })) });
}

/** The first month that an account was asked for; null: none. */
export async function firstRequested(tx: Tx, accountId: string): Promise<string | null> {
  const { _min } = await tx.statementRequest.aggregate({
    where: { accountId },
    _min: { month: true },
  });
  return _min.month;
}

export type ClosedMonth = AccountMonth & { readonly body: string; readonly receivedAt: Date };

/** Keeps what holdings said; the first answer counts. */
export async function keepClosedMonths(tx: Tx, months: readonly ClosedMonth[]): Promise<void> {
  await tx.closedMonth.createMany({ data: [...months], skipDuplicates: true });
}

export async function findClosedMonth(tx: Tx, { accountId, month }: AccountMonth) {
  const where = { accountId_month: { accountId, month } };
  return (await tx.closedMonth.findUnique({ where }))?.body ?? null;
}
