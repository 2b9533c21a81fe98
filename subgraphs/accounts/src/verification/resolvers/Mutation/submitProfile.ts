import { storyOf } from '../../../commands/story.ts';
import type { MutationResolvers } from '../../../generated/graphql.ts';
import * as commands from '../../commands/submit-profile.ts';
import { messages, optionalKeyOf, profileOf, reloadCustomer, requireCustomer } from '../input.ts';

export const submitProfile: NonNullable<MutationResolvers['submitProfile']> = async (
  _,
  { input },
  context,
) => {
  const customerId = requireCustomer(context);
  const profile = profileOf(input, context.clock.now());
  const asked = { customerId, profile, idempotencyKey: optionalKeyOf(input.idempotencyKey) };
  const done = await commands.submitProfile(context, asked, storyOf(context));
  if (done.ok) {
    const customer = await reloadCustomer(context, customerId);
    return { __typename: 'SubmitProfileSuccess', customer };
  }
  const { code } = done.error;
  return { __typename: 'SubmitProfileRefusal', code, message: messages[code] };
};
