import { requireRole } from '@simplebank/chassis/auth';
import { boundedText, idempotencyKeyOf, uuidOf } from '@simplebank/chassis/scalars';
import { storyOf } from '../../../commands/story.ts';
import type {
  ResolveBookingExceptionRefusalCode as Code,
  MutationResolvers,
} from '../../../generated/graphql.ts';
import { resolveException } from '../../commands/resolve-exception.ts';
import { exceptionById } from '../../queries/booking-exceptions.ts';

const reasonCharsMax = 500;

const messages: Readonly<Record<Code, string>> = {
  ALREADY_RESOLVED: 'Somebody has decided about this exception already.',
  NOT_BOOKABLE: 'What was to be booked was not recorded; it can only be dismissed.',
  IDEMPOTENCY_KEY_REUSED: 'This key was used for another request.',
};

export const resolveBookingException: NonNullable<
  MutationResolvers['resolveBookingException']
> = async (_, { input }, context) => {
  requireRole(context.viewer, 'operations');
  const asked = {
    exceptionId: uuidOf(input.exceptionId, 'input.exceptionId'),
    kind: input.kind,
    reason: boundedText(input.reason, { field: 'input.reason', max: reasonCharsMax }),
    idempotencyKey: idempotencyKeyOf(input.idempotencyKey),
  };
  const done = await resolveException(context, asked, storyOf(context));
  if (done.ok) {
    const exception = await exceptionById(context.db, asked.exceptionId);
    return { __typename: 'ResolveBookingExceptionSuccess', exception };
  }
  const { code } = done.error;
  return { __typename: 'ResolveBookingExceptionRefusal', code, message: messages[code] };
};
