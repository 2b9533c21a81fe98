import { requirePrincipal } from '@simplebank/chassis/auth';
import { idempotencyKeyOf } from '@simplebank/chassis/scalars';
import { cancelOrder as cancel } from '../../commands/cancel-order.ts';
import { isOwner } from '../../domain/account.ts';
import type { MutationResolvers } from '../../generated/graphql.ts';
import { noSuchOrder, orderAndAccount } from '../access.ts';
import { actorOf } from '../actor.ts';
import { refusalMessages } from '../refusal-messages.ts';
import { requestHash } from '../request-hash.ts';

export const cancelOrder: NonNullable<MutationResolvers['cancelOrder']> = async (
  _,
  { input },
  context,
) => {
  const principal = requirePrincipal(context.viewer);
  const idempotencyKey = idempotencyKeyOf(input.idempotencyKey);
  const { order, account } = await orderAndAccount(context, input.orderId);
  if (!isOwner(account, principal.customerId)) throw noSuchOrder();
  const canceled = await cancel(context, {
    order,
    account,
    act: { as: 'CANCEL' },
    by: actorOf(principal, context),
    idempotencyKey,
    requestHash: requestHash('cancelOrder', { orderId: order.id }),
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
