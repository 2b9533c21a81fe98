import { requireRole } from '@simplebank/chassis/auth';
import { storyOf } from '../../../commands/story.ts';
import type { MutationResolvers } from '../../../generated/graphql.ts';
import * as commands from '../../commands/decide-verification.ts';
import { customerIdOf, messages, optionalKeyOf, reasonOf, reloadCustomer } from '../input.ts';

const command = 'decideVerification';

export const decideVerification: NonNullable<MutationResolvers['decideVerification']> = async (
  _,
  { input },
  context,
) => {
  requireRole(context.viewer, 'operations');
  const customerId = customerIdOf(input.customerId);
  const decision: commands.StaffDecision = {
    ...{ customerId, command, told: [], reason: reasonOf(input.reason) },
    event: input.decision === 'ACCEPT' ? 'STAFF_ACCEPTED' : 'STAFF_REJECTED',
    idempotencyKey: optionalKeyOf(input.idempotencyKey),
  };
  const done = await commands.decideVerification(context, decision, storyOf(context));
  if (done.ok) {
    const customer = await reloadCustomer(context, customerId);
    return { __typename: 'DecideVerificationSuccess', customer };
  }
  const { code } = done.error;
  return { __typename: 'DecideVerificationRefusal', code, message: messages[code] };
};
