import { Account } from './Account.ts';
import { cancelPayment } from './Mutation/cancelPayment.ts';
import { createDeposit } from './Mutation/createDeposit.ts';
import { createWithdrawal } from './Mutation/createWithdrawal.ts';
import { resolvePaymentNotice } from './Mutation/resolvePaymentNotice.ts';
import { Payment } from './Payment.ts';
import { PaymentNotice } from './PaymentNotice.ts';
import { parkedPaymentNotices } from './Query/parkedPaymentNotices.ts';
import { payment } from './Query/payment.ts';

export const paymentResolvers = {
  Query: { payment, parkedPaymentNotices },
  Mutation: { createDeposit, createWithdrawal, cancelPayment, resolvePaymentNotice },
  Account,
  Payment,
  PaymentNotice,
};
