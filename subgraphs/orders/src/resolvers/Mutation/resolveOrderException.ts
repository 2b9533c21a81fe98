import { PublicError } from '@simplebank/chassis/errors';
import { idempotencyKeyOf, uuidOf } from '@simplebank/chassis/scalars';
import { resolveException } from '../../commands/resolve-exception.ts';
import type { MutationResolvers } from '../../generated/graphql.ts';
import { orderException } from '../../queries/orders.ts';
import { reasonOf, requireOperations } from '../actor.ts';
import { refusalMessages } from '../refusal-messages.ts';
import { requestHash } from '../request-hash.ts';

const field = 'input.exceptionId';

export const resolveOrderException: NonNullable<
  MutationResolvers['resolveOrderException']
> = async (_, { input }, context) => {
  const by = requireOperations(context);
  const idempotencyKey = idempotencyKeyOf(input.idempotencyKey);
  const reason = reasonOf(input.reason);
  const exceptionId = uuidOf(input.exceptionId, field);
  const exception = await orderException(context, exceptionId);
  if (!exception) throw new PublicError('NOT_FOUND', 'There is no such exception.', { field });
  const resolved = await resolveException(context, {
    exception,
    reason,
    by,
    idempotencyKey,
    requestHash: requestHash('resolveOrderException', { exceptionId, reason }),
  });
  return resolved.ok
    ? { __typename: 'ResolveOrderExceptionSuccess', exception: resolved.value }
    : {
        __typename: 'ResolveOrderExceptionRefusal',
        code: resolved.error,
        message: refusalMessages[resolved.error],
      };
};
