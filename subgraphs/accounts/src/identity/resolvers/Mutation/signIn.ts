import { storyOf } from '../../../commands/story.ts';
import type { MutationResolvers, SignInRefusalCode } from '../../../generated/graphql.ts';
import * as commands from '../../commands/sign-in.ts';
import { deviceProofOf, emailOf, secretOf } from '../input.ts';

const messages: Readonly<Record<SignInRefusalCode, string>> = {
  INVALID_CREDENTIALS: 'The email or the password is wrong.',
  DEVICE_PROOF_REQUIRED: 'Here you sign in with the key of your device.',
  DEVICE_PROOF_INVALID: 'The proof of your device is not good. Please make it anew.',
  TOO_MANY_ATTEMPTS: 'Too many attempts. Please wait a quarter of an hour.',
};

export const signIn: NonNullable<MutationResolvers['signIn']> = async (_, { input }, context) => {
  const asked = {
    email: emailOf(input.email),
    password: secretOf(input.password, 'input.password'),
    channel: context.viewer.channel,
    deviceProof: deviceProofOf(input.deviceProof),
  };
  const done = await commands.signIn(context, asked, storyOf(context));
  if (done.ok) {
    const { tokens, identity: customer } = done.value;
    return { __typename: 'SignInSuccess', tokens, customer };
  }
  const { code } = done.error;
  return { __typename: 'SignInRefusal', code, message: messages[code] };
};
