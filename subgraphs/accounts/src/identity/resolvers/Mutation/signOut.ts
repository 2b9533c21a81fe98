import { storyOf } from '../../../commands/story.ts';
import type { MutationResolvers } from '../../../generated/graphql.ts';
import * as commands from '../../commands/sign-out.ts';
import { secretOf } from '../input.ts';

export const signOut: NonNullable<MutationResolvers['signOut']> = async (_, { input }, context) => {
  const refreshToken = secretOf(input.refreshToken, 'input.refreshToken');
  await commands.signOut(context, refreshToken, storyOf(context));
  return { signedOut: true };
};
