import type { MutationResolvers } from '../../../generated/graphql.ts';
import * as commands from '../../commands/change-plan.ts';
import { actOnPlan } from '../input.ts';

export const cancelPlan: NonNullable<MutationResolvers['cancelPlan']> = async (
  _,
  { input },
  context,
) => {
  const acted = await actOnPlan(context, input, commands.cancelPlan);
  return acted.ok
    ? { __typename: 'CancelPlanSuccess', plan: acted.plan }
    : { __typename: 'CancelPlanRefusal', code: acted.code, message: acted.message };
};
