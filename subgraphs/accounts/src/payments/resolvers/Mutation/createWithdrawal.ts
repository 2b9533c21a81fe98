import { storyOf } from '../../../commands/story.ts';
import type { MutationResolvers } from '../../../generated/graphql.ts';
import { createPayment } from '../../commands/create-payment.ts';
import { messages, paymentOf, reload } from '../input.ts';

export const createWithdrawal: NonNullable<MutationResolvers['createWithdrawal']> = async (
  _,
  { input },
  context,
) => {
  const asked = { ...(await paymentOf(context, input)), kind: 'WITHDRAWAL' } as const;
  const done = await createPayment(context, asked, storyOf(context));
  if (done.ok) {
    return { __typename: 'CreateWithdrawalSuccess', payment: await reload(context, done.value) };
  }
  const { code } = done.error;
  return { __typename: 'CreateWithdrawalRefusal', code, message: messages[code] };
};
