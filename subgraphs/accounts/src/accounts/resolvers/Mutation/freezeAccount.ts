import type { MutationResolvers } from '../../../generated/graphql.ts';
import { freezeAccount as command } from '../../commands/staff.ts';
import { actAsStaff } from '../staff-act.ts';

export const freezeAccount: NonNullable<MutationResolvers['freezeAccount']> = async (
  _,
  { input },
  context,
) => {
  const acted = await actAsStaff(context, input, command);
  return acted.ok
    ? { __typename: 'FreezeAccountSuccess', account: acted.account }
    : { __typename: 'FreezeAccountRefusal', code: acted.code, message: acted.message };
};
