import { requirePrincipal } from '@simplebank/chassis/auth';
import { idempotencyKeyOf } from '@simplebank/chassis/scalars';
import * as commands from '../../commands/cancel-strategy-order.ts';
import type { MutationResolvers } from '../../generated/graphql.ts';
import { ownOrder } from '../../queries/strategy-orders.ts';
import { idOrNumber, notFound } from '../input.ts';

export const cancelStrategyOrder: NonNullable<MutationResolvers['cancelStrategyOrder']> = async (
  _,
  { input },
  context,
) => {
  requirePrincipal(context.viewer);
  if (input.idempotencyKey) idempotencyKeyOf(input.idempotencyKey);
  const field = 'input.strategyOrderId';
  const order = await ownOrder(context, context.viewer, idOrNumber(input.strategyOrderId, field));
  if (!order) throw notFound('strategy order', field);

  const canceled = await commands.cancelStrategyOrder(context, order.id, context.cause);
  if (canceled.ok) {
    return { __typename: 'CancelStrategyOrderSuccess', strategyOrder: canceled.value };
  }
  return {
    __typename: 'CancelStrategyOrderRefusal',
    code: canceled.error,
    message: 'The order waits for no payment any more.',
  };
};
