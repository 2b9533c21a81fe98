import type { MutationResolvers } from '../../../generated/graphql.ts';
import { reopenAccount as command } from '../../commands/close-account.ts';
import { actAsOwner } from '../owner-act.ts';

export const reopenAccount: NonNullable<MutationResolvers['reopenAccount']> = async (
  _,
  { input },
  context,
) => {
  const acted = await actAsOwner(context, input, command);
  return acted.ok
    ? { __typename: 'ReopenAccountSuccess', account: acted.account }
    : { __typename: 'ReopenAccountRefusal', code: acted.code, message: acted.message };
};
