import { Decimal } from '@simplebank/kernel/decimal';
import type { IdOrNumber } from '@simplebank/kernel/ids';
import { isCurrency } from '@simplebank/kernel/money';
import type { Database, Tx } from '../../data/client.ts';
import { dateOf, dateText } from '../../domain/local-date.ts';
import type { Plan as Row } from '../../generated/prisma/client.ts';
import { type Funding, lookAt, type Plan } from '../domain/plan.ts';
import type { Interval } from '../domain/schedule.ts';
import type { PlanState } from '../domain/transitions.ts';

type Reader = Database | Tx;

function toPlan(row: Row): Plan {
  const { id, number, accountId, customerId, strategyId, currency, createdAt } = row;
  if (!isCurrency(currency)) throw new Error(`plan ${id} has the currency ${currency}`);
  return {
    ...{ id, number, accountId, customerId, strategyId, currency, createdAt },
    amount: new Decimal(row.amount.toFixed()),
    interval: row.interval as Interval,
    startDate: dateText(row.startDate),
    endDate: row.endDate && dateText(row.endDate),
    funding: row.funding as Funding,
    state: row.state as PlanState,
    nextPeriod: dateText(row.nextPeriod),
  };
}

export async function findPlan(db: Reader, key: IdOrNumber): Promise<Plan | null> {
  const row = await db.plan.findUnique({ where: key });
  return row && toPlan(row);
}

/** Answers in the order of `ids`, as DataLoader requires; unknown ids answer null. */
export async function findPlans(
  db: Reader,
  ids: readonly string[],
): Promise<readonly (Plan | null)[]> {
  const rows = await db.plan.findMany({ where: { id: { in: [...ids] } } });
  const byId = new Map(rows.map((row) => [row.id, toPlan(row)]));
  return ids.map((id) => byId.get(id) ?? null);
}

export type NewPlan = Omit<Plan, 'number' | 'nextPeriod' | 'state'>;

/** The new plan is active; its first period is its start date. */
export async function insertPlan(tx: Tx, plan: NewPlan): Promise<Plan> {
  const { amount, startDate, endDate, ...rest } = plan;
  const begun = { state: 'ACTIVE', nextPeriod: startDate } as const;
  const row = await tx.plan.create({
    data: {
      ...rest,
      amount: amount.toFixed(),
      startDate: dateOf(startDate),
      endDate: endDate === null ? null : dateOf(endDate),
      state: begun.state,
      nextPeriod: dateOf(startDate),
      lookAt: lookAt({ ...plan, ...begun, number: 0n }),
    },
  });
  return toPlan(row);
}

/** For a change: nobody else changes it or its runs before this transaction ends. */
export async function lockPlan(tx: Tx, id: string): Promise<Plan | null> {
  await tx.$queryRaw`/* strategies.lock-plan */ SELECT id::text FROM plan WHERE id = ${id}::uuid
    FOR UPDATE`;
  return findPlan(tx, { id });
}

/** The same unless somebody else is at it: then null. */
export async function lockIdlePlan(tx: Tx, id: string): Promise<Plan | null> {
  const rows = await tx.$queryRaw<{ id: string }[]>`/* strategies.lock-idle-plan */
    SELECT id::text FROM plan WHERE id = ${id}::uuid FOR UPDATE SKIP LOCKED`;
  return rows.length === 0 ? null : findPlan(tx, { id });
}

/** What may change of a plan, and when a scheduler is to look at it next. */
export async function savePlan(tx: Tx, plan: Plan, look: Date = lookAt(plan)): Promise<void> {
  const { id, state, amount, nextPeriod } = plan;
  const changed = { state, amount: amount.toFixed(), nextPeriod: dateOf(nextPeriod) };
  await tx.plan.update({ where: { id }, data: { ...changed, lookAt: look } });
}

/** A plan and its place among those that a scheduler looks at. */
export type PlanPlace = { readonly id: string; readonly lookAt: Date };
export type PlansAsked = {
  readonly now: Date;
  /** Null for the first page. */
  readonly after: PlanPlace | null;
  readonly max: number;
};

/** Plans that a scheduler has something to do with, longest due first. */
export const plansToLookAt = (
  db: Reader,
  { now, after, max }: PlansAsked,
): Promise<readonly PlanPlace[]> =>
  db.$queryRaw<PlanPlace[]>`/* strategies.plans-to-look-at */
    SELECT id::text, look_at AS "lookAt" FROM plan
    WHERE state IN ('ACTIVE', 'PAUSED') AND look_at <= ${now} AND (${after === null}
      OR (look_at, id) > (${after?.lookAt ?? now}, ${after?.id ?? null}::uuid))
    ORDER BY look_at, id LIMIT ${max}`;

export type PlanPage = {
  readonly accountId: string;
  readonly first: number;
  /** Older than this number; null for the newest. */
  readonly after: bigint | null;
};

/** The pages' plans, newest first, one more than asked for; one statement for all accounts. */
export async function listPlans(
  db: Reader,
  pages: readonly PlanPage[],
): Promise<readonly (readonly Plan[])[]> {
  const asked = pages.map(({ accountId, first, after }, page) => {
    return { page, accountId, most: first + 1, after: after?.toString() ?? null };
  });
  const ids = await db.$queryRaw<{ page: number; id: string }[]>`/* strategies.list-plans */
    SELECT page, listed.id::text FROM jsonb_to_recordset(${JSON.stringify(asked)}::jsonb)
      AS asked (page int, "accountId" uuid, most int, after bigint)
    CROSS JOIN LATERAL (
      SELECT id, number FROM plan WHERE account_id = "accountId"
        AND (after IS NULL OR number < after) ORDER BY number DESC LIMIT most) AS listed
    ORDER BY page, listed.number DESC`;
  const plans = await findPlans(
    db,
    ids.map(({ id }) => id),
  );
  return pages.map((_, page) =>
    plans.flatMap((plan, nth) => (plan && ids[nth]?.page === page ? [plan] : [])),
  );
}
