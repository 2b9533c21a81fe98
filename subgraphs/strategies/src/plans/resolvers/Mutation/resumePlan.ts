import type { MutationResolvers } from '../../../generated/graphql.ts';
import * as commands from '../../commands/change-plan.ts';
import { actOnPlan } from '../input.ts';

export const resumePlan: NonNullable<MutationResolvers['resumePlan']> = async (
  _,
  { input },
  context,
) => {
  const acted = await actOnPlan(context, input, commands.resumePlan);
  return acted.ok
    ? { __typename: 'ResumePlanSuccess', plan: acted.plan }
    : { __typename: 'ResumePlanRefusal', code: acted.code, message: acted.message };
};
