import type { MutationResolvers } from '../../../generated/graphql.ts';
import { unfreezeAccount as command } from '../../commands/staff.ts';
import { actAsStaff } from '../staff-act.ts';

export const unfreezeAccount: NonNullable<MutationResolvers['unfreezeAccount']> = async (
  _,
  { input },
  context,
) => {
  const acted = await actAsStaff(context, input, command);
  return acted.ok
    ? { __typename: 'UnfreezeAccountSuccess', account: acted.account }
    : { __typename: 'UnfreezeAccountRefusal', code: acted.code, message: acted.message };
};
