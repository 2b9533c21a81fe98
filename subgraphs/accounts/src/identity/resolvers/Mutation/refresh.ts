import { storyOf } from '../../../commands/story.ts';
import type { MutationResolvers, RefreshRefusalCode } from '../../../generated/graphql.ts';
import * as commands from '../../commands/refresh.ts';
import { deviceProofOf, secretOf } from '../input.ts';

const messages: Readonly<Record<RefreshRefusalCode, string>> = {
  TOKEN_EXPIRED: 'The session has ended. Please sign in again.',
  TOKEN_JUST_USED: 'Another tab has refreshed this session a moment ago. Please try again.',
  DEVICE_PROOF_REQUIRED: 'The key of your device was not shown, so the session has ended.',
  DEVICE_PROOF_INVALID: 'The proof of your device is not good.',
  TOKEN_REUSED: 'This token was used before, so the session has ended. Please sign in again.',
};

export const refresh: NonNullable<MutationResolvers['refresh']> = async (_, { input }, context) => {
  const refreshToken = secretOf(input.refreshToken, 'input.refreshToken');
  const { channel } = context.viewer;
  const deviceProof = deviceProofOf(input.deviceProof);
  const asked = { refreshToken, channel, deviceProof };
  const done = await commands.refresh(context, asked, storyOf(context));
  if (done.ok) return { __typename: 'RefreshSuccess', tokens: done.value };
  const { code } = done.error;
  return { __typename: 'RefreshRefusal', code, message: messages[code] };
};
