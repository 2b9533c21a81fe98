import { requirePrincipal } from '@simplebank/chassis/auth';
import { idempotencyKeyOf, uuidOf } from '@simplebank/chassis/scalars';
import { storyOf } from '../../../commands/story.ts';
import type { ChangePasswordRefusalCode, MutationResolvers } from '../../../generated/graphql.ts';
import * as commands from '../../commands/change-password.ts';
import { secretOf } from '../input.ts';

const messages: Readonly<Record<ChangePasswordRefusalCode, string>> = {
  INVALID_CREDENTIALS: 'The old password is wrong.',
  TOO_MANY_ATTEMPTS: 'Too many attempts. Please wait a quarter of an hour.',
  PASSWORD_TOO_WEAK: 'At least 12 characters, neither your email nor a common password.',
  IDEMPOTENCY_KEY_REUSED: 'This key was used for another request.',
};

export const changePassword: NonNullable<MutationResolvers['changePassword']> = async (
  _,
  { input },
  context,
) => {
  const { customerId, sessionId } = requirePrincipal(context.viewer);
  const key = input.idempotencyKey ?? null;
  const asked = {
    identityId: uuidOf(customerId, 'viewer'),
    sessionId,
    oldPassword: secretOf(input.oldPassword, 'input.oldPassword'),
    newPassword: secretOf(input.newPassword, 'input.newPassword'),
    idempotencyKey: key === null ? null : idempotencyKeyOf(key),
  };
  const done = await commands.changePassword(context, asked, storyOf(context));
  if (!done.ok) {
    const { code } = done.error;
    return { __typename: 'ChangePasswordRefusal', code, message: messages[code] };
  }
  const customer = await context.loaders.identities.load(asked.identityId);
  if (!customer) throw new Error(`${asked.identityId} is not there after a change of password`);
  return { __typename: 'ChangePasswordSuccess', customer };
};
