import { requirePrincipal } from '@simplebank/chassis/auth';
import { PublicError } from '@simplebank/chassis/errors';
import { idempotencyKeyOf, uuidOf } from '@simplebank/chassis/scalars';
import { cancelOrder as cancel } from '../../commands/cancel-order.ts';
import { isOwner } from '../../domain/account.ts';
import type { MutationResolvers } from '../../generated/graphql.ts';
import { refusalMessages } from '../refusal-messages.ts';
import { requestHash } from '../request-hash.ts';

export const cancelOrder: NonNullable<MutationResolvers['cancelOrder']> = async (
  _,
  { input },
  context,
) => {
  const { customerId } = requirePrincipal(context.viewer);
  const idempotencyKey = idempotencyKeyOf(input.idempotencyKey);
  const orderId = uuidOf(input.orderId, 'input.orderId');
  const order = await context.loaders.orders.load(orderId);
  const account = order && (await context.loaders.accounts.load({ id: order.accountId }));
  if (!order || !account || !isOwner(account, customerId)) {
    throw new PublicError('NOT_FOUND', 'There is no such order.', { field: 'input.orderId' });
  }
  const canceled = await cancel(context, {
    order,
    account,
    customerId,
    idempotencyKey,
    requestHash: requestHash('cancelOrder', { orderId }),
    cause: context.cause,
  });
  return canceled.ok
    ? { __typename: 'CancelOrderSuccess', order: canceled.value }
    : {
        __typename: 'CancelOrderRefusal',
        code: canceled.error,
        message: refusalMessages[canceled.error],
      };
};
