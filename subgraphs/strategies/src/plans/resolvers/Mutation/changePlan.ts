import type { MutationResolvers } from '../../../generated/graphql.ts';
import { boundedAmount } from '../../../resolvers/input.ts';
import * as commands from '../../commands/change-plan.ts';
import { actOnPlan } from '../input.ts';

export const changePlan: NonNullable<MutationResolvers['changePlan']> = async (
  _,
  { input },
  context,
) => {
  const amount = boundedAmount(input.amount, 'input.amount');
  const acted = await actOnPlan(context, input, (deps, act, story) =>
    commands.changeAmount(deps, { ...act, amount }, story),
  );
  return acted.ok
    ? { __typename: 'ChangePlanSuccess', plan: acted.plan }
    : { __typename: 'ChangePlanRefusal', code: acted.code, message: acted.message };
};
