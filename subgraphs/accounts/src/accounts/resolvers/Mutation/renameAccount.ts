import { storyOf } from '../../../commands/story.ts';
import type { MutationResolvers, RenameAccountRefusalCode } from '../../../generated/graphql.ts';
import * as commands from '../../commands/rename-account.ts';
import { nameOf, optionalKeyOf, reload, requireOwned } from '../input.ts';

const messages: Readonly<Record<RenameAccountRefusalCode, string>> = {
  ACCOUNT_STATUS: 'An account in this state cannot be renamed.',
  IDEMPOTENCY_KEY_REUSED: 'This key was used for another request.',
};

export const renameAccount: NonNullable<MutationResolvers['renameAccount']> = async (
  _,
  { input },
  context,
) => {
  const account = await requireOwned(context, input.accountId);
  const idempotencyKey = optionalKeyOf(input.idempotencyKey);
  const asked = { account, name: nameOf(input.name), idempotencyKey };
  const done = await commands.renameAccount(context, asked, storyOf(context));
  if (done.ok) {
    return { __typename: 'RenameAccountSuccess', account: await reload(context, account.id) };
  }
  const { code } = done.error;
  return { __typename: 'RenameAccountRefusal', code, message: messages[code] };
};
