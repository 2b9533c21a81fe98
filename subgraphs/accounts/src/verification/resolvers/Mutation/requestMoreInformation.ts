import { requireRole } from '@simplebank/chassis/auth';
import { storyOf } from '../../../commands/story.ts';
import type { MutationResolvers } from '../../../generated/graphql.ts';
import { decideVerification, type StaffDecision } from '../../commands/decide-verification.ts';
import { customerIdOf, messages, optionalKeyOf, reasonOf, reloadCustomer } from '../input.ts';

const command = 'requestMoreInformation';

export const requestMoreInformation: NonNullable<
  MutationResolvers['requestMoreInformation']
> = async (_, { input }, context) => {
  requireRole(context.viewer, 'operations');
  const customerId = customerIdOf(input.customerId);
  const reason = reasonOf(input.reason);
  const decision: StaffDecision = {
    ...{ customerId, command, told: [reason], reason },
    event: 'MORE_REQUESTED',
    idempotencyKey: optionalKeyOf(input.idempotencyKey),
  };
  const done = await decideVerification(context, decision, storyOf(context));
  if (done.ok) {
    const customer = await reloadCustomer(context, customerId);
    return { __typename: 'RequestMoreInformationSuccess', customer };
  }
  const { code } = done.error;
  return { __typename: 'RequestMoreInformationRefusal', code, message: messages[code] };
};
