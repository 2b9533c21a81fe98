import { type CommissionPlan, defaultPlan, isCommissionPlan } from '../domain/fee-schedule.ts';
import type { Prisma, Transaction } from './client.ts';

/** The cast is the point where a row enters; a CHECK constraint holds the same list. */
export function planOf(name: string): CommissionPlan {
  if (!isCommissionPlan(name)) throw new Error(`${name} is no commission plan`);
  return name;
}

/** A choice of staff; the last one of an account counts. */
export type PlanChoice = Omit<Prisma.AccountPlanGetPayload<null>, 'plan'> & {
  readonly plan: CommissionPlan;
};

/** The plan that each account is on now, in the order of `accountIds`. */
export async function findPlans(
  tx: Transaction,
  accountIds: readonly string[],
): Promise<CommissionPlan[]> {
  const rows = await tx.accountPlan.findMany({
    where: { accountId: { in: [...accountIds] } },
    orderBy: [{ accountId: 'asc' }, { sequence: 'desc' }],
    distinct: ['accountId'],
  });
  const byAccount = new Map(rows.map(({ accountId, plan }) => [accountId, planOf(plan)]));
  return accountIds.map((id) => byAccount.get(id) ?? defaultPlan);
}

/**
 * The last choice for an account, null when there is none yet. The account's row is locked, so that
 * two choices at once follow each other.
 */
export async function lockPlan(tx: Transaction, accountId: string): Promise<PlanChoice | null> {
  await tx.$queryRaw`
    /* orders.lock-account */ SELECT id FROM account WHERE id = ${accountId}::uuid FOR UPDATE`;
  const row = await tx.accountPlan.findFirst({
    where: { accountId },
    orderBy: { sequence: 'desc' },
  });
  return row && { ...row, plan: planOf(row.plan) };
}

export async function insertPlan(tx: Transaction, choice: PlanChoice): Promise<void> {
  await tx.accountPlan.create({ data: choice });
}
