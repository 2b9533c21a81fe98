import type { MutationResolvers } from '../../../generated/graphql.ts';
import * as commands from '../../commands/change-plan.ts';
import { actOnPlan } from '../input.ts';

export const skipNextRun: NonNullable<MutationResolvers['skipNextRun']> = async (
  _,
  { input },
  context,
) => {
  const acted = await actOnPlan(context, input, commands.skipNextRun);
  return acted.ok
    ? { __typename: 'SkipNextRunSuccess', plan: acted.plan }
    : { __typename: 'SkipNextRunRefusal', code: acted.code, message: acted.message };
};
