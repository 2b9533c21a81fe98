import type { MutationResolvers } from '../../../generated/graphql.ts';
import { closeAccount as command } from '../../commands/close-account.ts';
import { actAsOwner } from '../owner-act.ts';

export const closeAccount: NonNullable<MutationResolvers['closeAccount']> = async (
  _,
  { input },
  context,
) => {
  const acted = await actAsOwner(context, input, command);
  return acted.ok
    ? { __typename: 'CloseAccountSuccess', account: acted.account }
    : { __typename: 'CloseAccountRefusal', code: acted.code, message: acted.message };
};
