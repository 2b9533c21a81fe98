import { idempotencyKeyOf } from '@simplebank/chassis/scalars';
import { endStuckOrder as end } from '../../commands/end-stuck-order.ts';
import type { MutationResolvers } from '../../generated/graphql.ts';
import { orderAndAccount } from '../access.ts';
import { reasonOf, requireOperations } from '../actor.ts';
import { refusalMessages } from '../refusal-messages.ts';
import { requestHash } from '../request-hash.ts';

export const endStuckOrder: NonNullable<MutationResolvers['endStuckOrder']> = async (
  _,
  { input },
  context,
) => {
  const by = requireOperations(context);
  const idempotencyKey = idempotencyKeyOf(input.idempotencyKey);
  const reason = reasonOf(input.reason);
  const { order } = await orderAndAccount(context, input.orderId);
  const ended = await end(context, {
    ...{ order, reason, by, idempotencyKey, cause: context.cause },
    requestHash: requestHash('endStuckOrder', { orderId: order.id, reason }),
  });
  return ended.ok
    ? { __typename: 'EndStuckOrderSuccess', order: ended.value }
    : {
        __typename: 'EndStuckOrderRefusal',
        code: ended.error,
        message: refusalMessages[ended.error],
      };
};
