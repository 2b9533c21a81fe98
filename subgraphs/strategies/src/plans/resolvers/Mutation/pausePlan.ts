import type { MutationResolvers } from '../../../generated/graphql.ts';
import * as commands from '../../commands/change-plan.ts';
import { actOnPlan } from '../input.ts';

export const pausePlan: NonNullable<MutationResolvers['pausePlan']> = async (
  _,
  { input },
  context,
) => {
  const acted = await actOnPlan(context, input, commands.pausePlan);
  return acted.ok
    ? { __typename: 'PausePlanSuccess', plan: acted.plan }
    : { __typename: 'PausePlanRefusal', code: acted.code, message: acted.message };
};
