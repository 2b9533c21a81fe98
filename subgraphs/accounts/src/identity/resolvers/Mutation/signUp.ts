import { storyOf } from '../../../commands/story.ts';
import type { MutationResolvers } from '../../../generated/graphql.ts';
import * as commands from '../../commands/sign-up.ts';
import { emailOf, nameOf, secretOf } from '../input.ts';

export const signUp: NonNullable<MutationResolvers['signUp']> = async (_, { input }, context) => {
  const asked = {
    email: emailOf(input.email),
    password: secretOf(input.password, 'input.password'),
    name: nameOf(input.name),
  };
  const done = await commands.signUp(context, asked, storyOf(context));
  if (done.ok) return { __typename: 'SignUpSuccess', email: done.value.email };
  const message = 'At least 12 characters, neither your email nor a common password.';
  return { __typename: 'SignUpRefusal', code: done.error.code, message };
};
