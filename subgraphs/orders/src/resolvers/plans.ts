import type { CommissionPlan } from '../domain/fee-schedule.ts';
import type { CommissionPlan as PlanName } from '../generated/graphql.ts';

const names = { standard: 'STANDARD', zero: 'ZERO' } as const satisfies Record<
  CommissionPlan,
  PlanName
>;
const plans = { STANDARD: 'standard', ZERO: 'zero' } as const satisfies Record<
  PlanName,
  CommissionPlan
>;

/** Plans as the graph names them, and back. */
export const nameOfPlan = (plan: CommissionPlan): PlanName => names[plan];
export const planNamed = (name: PlanName): CommissionPlan => plans[name];
