import type { AccountResolvers } from '../../generated/graphql.ts';
import { paymentsOf } from '../queries/payments.ts';

/** What payments add to an account. */
export const Account: AccountResolvers = {
  payments: ({ id }, { filter, ...page }, context) =>
    paymentsOf(context, id, { ...page, kinds: filter?.kinds, statuses: filter?.statuses }),
};
