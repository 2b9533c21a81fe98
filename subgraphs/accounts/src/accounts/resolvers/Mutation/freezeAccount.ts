import { storyOf } from '../../../commands/story.ts';
import type { FreezeAccountRefusalCode, MutationResolvers } from '../../../generated/graphql.ts';
import * as commands from '../../commands/change-status.ts';
import { optionalKeyOf, reasonOf, reload, requireForStaff } from '../input.ts';

const messages: Readonly<Record<FreezeAccountRefusalCode, string>> = {
  ACCOUNT_STATUS: 'The state of the account does not allow it.',
  IDEMPOTENCY_KEY_REUSED: 'This key was used for another request.',
};

export const freezeAccount: NonNullable<MutationResolvers['freezeAccount']> = async (
  _,
  { input },
  context,
) => {
  const { id: accountId } = await requireForStaff(context, input.accountId);
  const idempotencyKey = optionalKeyOf(input.idempotencyKey);
  const act = { accountId, reason: reasonOf(input.reason), idempotencyKey };
  const done = await commands.freezeAccount(context, act, storyOf(context));
  if (done.ok) {
    return { __typename: 'FreezeAccountSuccess', account: await reload(context, accountId) };
  }
  const { code } = done.error;
  return { __typename: 'FreezeAccountRefusal', code, message: messages[code] };
};
