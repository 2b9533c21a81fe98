import type { MutationResolvers } from '../../../generated/graphql.ts';
import { liftAccountLimit as command } from '../../commands/staff.ts';
import { actAsStaff } from '../staff-act.ts';

export const liftLimit: NonNullable<MutationResolvers['liftLimit']> = async (
  _,
  { input },
  context,
) => {
  const acted = await actAsStaff(context, input, command);
  return acted.ok
    ? { __typename: 'LiftLimitSuccess', account: acted.account }
    : { __typename: 'LiftLimitRefusal', code: acted.code, message: acted.message };
};
