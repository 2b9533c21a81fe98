import type { MutationResolvers } from '../../../generated/graphql.ts';
import * as commands from '../../commands/change-status.ts';
import { actAsStaff } from '../staff-act.ts';

export const unfreezeAccount: NonNullable<MutationResolvers['unfreezeAccount']> = async (
  _,
  { input },
  context,
) => {
  const acted = await actAsStaff(context, input, commands.unfreezeAccount);
  return acted.ok
    ? { __typename: 'UnfreezeAccountSuccess', account: acted.account }
    : { __typename: 'UnfreezeAccountRefusal', code: acted.code, message: acted.message };
};
