import { requirePrincipal } from '@simplebank/chassis/auth';
import { storyOf } from '../../../commands/story.ts';
import type { MutationResolvers } from '../../../generated/graphql.ts';
import { idOrNumber, notFound, optionalKeyOf } from '../../../resolvers/input.ts';
import * as commands from '../../commands/cancel-strategy-order.ts';
import { ownOrder } from '../../queries/strategy-orders.ts';

const messages: Readonly<Record<commands.CancelRefusalCode, string>> = {
  NOT_CANCELABLE: 'The order waits for no payment any more.',
  IDEMPOTENCY_KEY_REUSED: 'This key was used with another input.',
};

export const cancelStrategyOrder: NonNullable<MutationResolvers['cancelStrategyOrder']> = async (
  _,
  { input },
  context,
) => {
  const { customerId } = requirePrincipal(context.viewer);
  const idempotencyKey = optionalKeyOf(input.idempotencyKey);
  const field = 'input.strategyOrderId';
  const order = await ownOrder(context, context.viewer, idOrNumber(input.strategyOrderId, field));
  if (!order) throw notFound('strategy order', field);

  const wish = { strategyOrderId: order.id, customerId, idempotencyKey };
  const canceled = await commands.cancelStrategyOrder(context, wish, storyOf(context));
  if (!canceled.ok) {
    const code = canceled.error;
    return { __typename: 'CancelStrategyOrderRefusal', code, message: messages[code] };
  }
  const strategyOrder = await context.loaders.strategyOrders.clear(order.id).load(order.id);
  if (!strategyOrder) throw new Error(`strategy order ${order.id} vanished`);
  return { __typename: 'CancelStrategyOrderSuccess', strategyOrder };
};
