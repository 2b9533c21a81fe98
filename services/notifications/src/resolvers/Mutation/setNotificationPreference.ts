import { requirePrincipal } from '@simplebank/chassis/auth';
import { idempotencyKeyOf } from '@simplebank/chassis/scalars';
import * as commands from '../../commands/set-preference.ts';
import type { MutationResolvers, PreferenceRefusalCode } from '../../generated/graphql.ts';

const messages: Readonly<Record<PreferenceRefusalCode, string>> = {
  SECURITY_ALWAYS_ON: 'Messages about your security cannot be turned off.',
  CHANNEL_NOT_AVAILABLE: 'The bank does not offer this channel.',
  IDEMPOTENCY_KEY_REUSED: 'This key was used with another input.',
};

type Resolver = NonNullable<MutationResolvers['setNotificationPreference']>;

export const setNotificationPreference: Resolver = async (_, { input }, context) => {
  const { customerId } = requirePrincipal(context.viewer);
  const { kind, channel, enabled, idempotencyKey: key } = input;
  const idempotencyKey = key === null || key === undefined ? null : idempotencyKeyOf(key);
  const draft = { customerId, kind, channel, enabled, idempotencyKey };
  const set = await commands.setPreference(context, draft);
  return set.ok
    ? { __typename: 'SetNotificationPreferenceSuccess', preference: set.value }
    : {
        __typename: 'SetNotificationPreferenceRefusal',
        code: set.error,
        message: messages[set.error],
      };
};
