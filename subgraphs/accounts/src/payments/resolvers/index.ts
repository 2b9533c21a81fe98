import { Account } from './Account.ts';
import { cancelPayment } from './Mutation/cancelPayment.ts';
import { createDeposit } from './Mutation/createDeposit.ts';
import { createWithdrawal } from './Mutation/createWithdrawal.ts';
import { Payment } from './Payment.ts';
import { payment } from './Query/payment.ts';

export const paymentResolvers = {
  Query: { payment },
  Mutation: { createDeposit, createWithdrawal, cancelPayment },
  Account,
  Payment,
};
