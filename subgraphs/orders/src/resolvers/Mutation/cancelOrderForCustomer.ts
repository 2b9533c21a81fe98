import { idempotencyKeyOf } from '@simplebank/chassis/scalars';
import { cancelOrder } from '../../commands/cancel-order.ts';
import type { MutationResolvers } from '../../generated/graphql.ts';
import { orderAndAccount } from '../access.ts';
import { reasonOf, requireOperations } from '../actor.ts';
import { refusalMessages } from '../refusal-messages.ts';
import { requestHash } from '../request-hash.ts';

export const cancelOrderForCustomer: NonNullable<
  MutationResolvers['cancelOrderForCustomer']
> = async (_, { input }, context) => {
  const by = requireOperations(context);
  const idempotencyKey = idempotencyKeyOf(input.idempotencyKey);
  const reason = reasonOf(input.reason);
  const { order, account } = await orderAndAccount(context, input.orderId);
  const canceled = await cancelOrder(context, {
    order,
    account,
    act: { as: 'STAFF_CANCEL', reason },
    by,
    idempotencyKey,
    requestHash: requestHash('cancelOrderForCustomer', { orderId: order.id, reason }),
    cause: context.cause,
  });
  return canceled.ok
    ? { __typename: 'CancelOrderForCustomerSuccess', order: canceled.value }
    : {
        __typename: 'CancelOrderForCustomerRefusal',
        code: canceled.error,
        message: refusalMessages[canceled.error],
      };
};
