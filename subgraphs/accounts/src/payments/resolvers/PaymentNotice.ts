import { isUuid } from '@simplebank/kernel/ids';
import type { PaymentNoticeResolvers } from '../../generated/graphql.ts';
import { paymentBy } from '../queries/payments.ts';

export const PaymentNotice: PaymentNoticeResolvers = {
  payment: ({ paymentId }, _, context) =>
    isUuid(paymentId) ? paymentBy(context, paymentId) : null,
};
