import { Decimal } from '@simplebank/kernel/decimal';
import type { Database, Tx } from '../../data/client.ts';
import { dateOf, dateText } from '../../domain/local-date.ts';
import type { PlanRun as Row } from '../../generated/prisma/client.ts';
import type { PlanRun } from '../domain/run.ts';
import type { RunState } from '../domain/transitions.ts';

type Reader = Database | Tx;

const toRun = (row: Row): PlanRun => ({
  ...row,
  period: dateText(row.period),
  dueOn: dateText(row.dueOn),
  state: row.state as RunState,
  amount: new Decimal(row.amount.toFixed()),
});

export async function findRun(db: Reader, id: string): Promise<PlanRun | null> {
  const row = await db.planRun.findUnique({ where: { id } });
  return row && toRun(row);
}

/** Answers in the order of `ids`; unknown ids answer null. */
async function findRuns(db: Reader, ids: readonly string[]): Promise<readonly (PlanRun | null)[]> {
  const rows = await db.planRun.findMany({ where: { id: { in: [...ids] } } });
  const byId = new Map(rows.map((row) => [row.id, toRun(row)]));
  return ids.map((id) => byId.get(id) ?? null);
}

/** Answers those whose period had no run: whoever comes second for a period makes none. */
export async function insertRuns(tx: Tx, runs: readonly PlanRun[]): Promise<readonly PlanRun[]> {
  const data = runs.map((run) => ({
    ...run,
    period: dateOf(run.period),
    dueOn: dateOf(run.dueOn),
    amount: run.amount.toFixed(),
  }));
  const made = await tx.planRun.createManyAndReturn({ data, skipDuplicates: true });
  return made.map(toRun);
}

export async function saveRun(tx: Tx, run: PlanRun): Promise<void> {
  const { id, state, reason, paymentId, strategyOrderId, deadline, eventVersion, endedAt } = run;
  const data = { state, reason, paymentId, strategyOrderId, deadline, eventVersion, endedAt };
  await tx.planRun.update({ where: { id }, data });
}

/** Runs of a plan that nothing has been bought for yet; its plan is locked. */
export async function runsToInvest(tx: Tx, planId: string): Promise<readonly PlanRun[]> {
  const where = { planId, state: { in: ['DUE', 'FUNDING'] } };
  const rows = await tx.planRun.findMany({ where, orderBy: { period: 'asc' } });
  return rows.map(toRun);
}

/** `dueOn` and `id` are its place among the open ones. */
export type OpenRun = { readonly id: string; readonly planId: string; readonly dueOn: string };
export type OpenRunsAsked = {
  readonly now: Date;
  /** Null for the first page. */
  readonly after: OpenRun | null;
  readonly max: number;
};

/**
 * Runs that can go on: due ones, those whose deposit has ended or took too long, and those whose
 * investment has ended. Oldest first, at most `max`.
 */
export const runsToAdvance = (
  db: Reader,
  { now, after, max }: OpenRunsAsked,
): Promise<readonly OpenRun[]> =>
  db.$queryRaw<OpenRun[]>`/* strategies.runs-to-advance */
    SELECT r.id::text, r.plan_id::text AS "planId", r.due_on::text AS "dueOn" FROM plan_run r
    WHERE r.state IN ('DUE', 'FUNDING', 'INVESTING') AND (${after === null}
      OR (r.due_on, r.id) > (${after?.dueOn ?? null}::date, ${after?.id ?? null}::uuid))
    AND CASE r.state
      WHEN 'DUE' THEN true
      WHEN 'FUNDING' THEN r.deadline <= ${now} OR EXISTS (
        SELECT FROM payment p WHERE p.plan_run_id = r.id AND p.status <> 'CREATED')
      ELSE EXISTS (SELECT FROM strategy_order o WHERE o.id = r.strategy_order_id
        AND o.status IN ('COMPLETED', 'COMPLETED_ADJUSTED', 'FAILED', 'CANCELED')) END
    ORDER BY r.due_on, r.id LIMIT ${max}`;

export type RunPage = {
  readonly planId: string;
  readonly first: number;
  /** Before this period; null for the newest. */
  readonly after: string | null;
};

/** The pages' runs, newest first, one more than asked for; one statement for all plans. */
export async function listRuns(
  db: Reader,
  pages: readonly RunPage[],
): Promise<readonly (readonly PlanRun[])[]> {
  const asked = pages.map(({ planId, first, after }, page) => {
    return { page, planId, most: first + 1, after };
  });
  const ids = await db.$queryRaw<{ page: number; id: string }[]>`/* strategies.list-runs */
    SELECT page, listed.id::text FROM jsonb_to_recordset(${JSON.stringify(asked)}::jsonb)
      AS asked (page int, "planId" uuid, most int, after date)
    CROSS JOIN LATERAL (
      SELECT id, period FROM plan_run WHERE plan_id = "planId"
        AND (after IS NULL OR period < after) ORDER BY period DESC LIMIT most) AS listed
    ORDER BY page, listed.period DESC`;
  const runs = await findRuns(
    db,
    ids.map(({ id }) => id),
  );
  return pages.map((_, page) =>
    runs.flatMap((run, nth) => (run && ids[nth]?.page === page ? [run] : [])),
  );
}
