import { storyOf } from '../../../commands/story.ts';
import type { MutationResolvers } from '../../../generated/graphql.ts';
import * as commands from '../../commands/submit-account.ts';
import { messages, optionalKeyOf, reloadAccount, requireOwned } from '../input.ts';

export const submitAccount: NonNullable<MutationResolvers['submitAccount']> = async (
  _,
  { input },
  context,
) => {
  const { id: accountId } = await requireOwned(context, input.accountId);
  const idempotencyKey = optionalKeyOf(input.idempotencyKey);
  const done = await commands.submitAccount(
    context,
    { accountId, idempotencyKey },
    storyOf(context),
  );
  if (done.ok) {
    return { __typename: 'SubmitAccountSuccess', account: await reloadAccount(context, accountId) };
  }
  const { code } = done.error;
  return { __typename: 'SubmitAccountRefusal', code, message: messages[code] };
};
