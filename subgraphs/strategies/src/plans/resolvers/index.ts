import { Account } from './Account.ts';
import { cancelPlan } from './Mutation/cancelPlan.ts';
import { changePlan } from './Mutation/changePlan.ts';
import { createPlan } from './Mutation/createPlan.ts';
import { pausePlan } from './Mutation/pausePlan.ts';
import { resumePlan } from './Mutation/resumePlan.ts';
import { skipNextRun } from './Mutation/skipNextRun.ts';
import { Plan, PlanRun } from './Plan.ts';
import { plan } from './Query/plan.ts';

export const planResolvers = {
  Query: { plan },
  Mutation: { cancelPlan, changePlan, createPlan, pausePlan, resumePlan, skipNextRun },
  Account,
  Plan,
  PlanRun,
};
