import type { MutationResolvers } from '../../../generated/graphql.ts';
import { limitAccount as command } from '../../commands/staff.ts';
import { actAsStaff } from '../staff-act.ts';

export const limitAccount: NonNullable<MutationResolvers['limitAccount']> = async (
  _,
  { input },
  context,
) => {
  const acted = await actAsStaff(context, input, command);
  return acted.ok
    ? { __typename: 'LimitAccountSuccess', account: acted.account }
    : { __typename: 'LimitAccountRefusal', code: acted.code, message: acted.message };
};
