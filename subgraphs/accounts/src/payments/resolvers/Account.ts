import type { AccountResolvers } from '../../generated/graphql.ts';
import { paymentsOf } from '../queries/payments.ts';

/** What payments add to an account. */
export const Account: AccountResolvers = {
  payments: ({ id }, page, context) => paymentsOf(context, id, page),
};
