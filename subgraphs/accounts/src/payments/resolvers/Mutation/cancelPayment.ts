import { requirePrincipal } from '@simplebank/chassis/auth';
import { idempotencyKeyOf } from '@simplebank/chassis/scalars';
import { storyOf } from '../../../commands/story.ts';
import type { MutationResolvers } from '../../../generated/graphql.ts';
import * as commands from '../../commands/cancel-payment.ts';
import { messages, reload, requireOwnPayment } from '../input.ts';

export const cancelPayment: NonNullable<MutationResolvers['cancelPayment']> = async (
  _,
  { input },
  context,
) => {
  const idempotencyKey = idempotencyKeyOf(input.idempotencyKey);
  const { id: paymentId } = await requireOwnPayment(context, input.paymentId);
  const { customerId: canceledById } = requirePrincipal(context.viewer);
  const asked = { paymentId, canceledById, idempotencyKey };
  const done = await commands.cancelPayment(context, asked, storyOf(context));
  if (done.ok) {
    return { __typename: 'CancelPaymentSuccess', payment: await reload(context, paymentId) };
  }
  const { code } = done.error;
  return { __typename: 'CancelPaymentRefusal', code, message: messages[code] };
};
