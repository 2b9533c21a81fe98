import { storyOf } from '../../../commands/story.ts';
import type { MutationResolvers, RefreshRefusalCode } from '../../../generated/graphql.ts';
import * as commands from '../../commands/refresh.ts';
import { secretOf } from '../input.ts';

const messages: Readonly<Record<RefreshRefusalCode, string>> = {
  TOKEN_EXPIRED: 'The session has ended. Please sign in again.',
  TOKEN_REUSED: 'This token was used before, so the session has ended. Please sign in again.',
};

export const refresh: NonNullable<MutationResolvers['refresh']> = async (_, { input }, context) => {
  const refreshToken = secretOf(input.refreshToken, 'input.refreshToken');
  const { channel } = context.viewer;
  const done = await commands.refresh(context, { refreshToken, channel }, storyOf(context));
  if (done.ok) return { __typename: 'RefreshSuccess', tokens: done.value };
  const { code } = done.error;
  return { __typename: 'RefreshRefusal', code, message: messages[code] };
};
