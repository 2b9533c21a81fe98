import { isUuid } from '@simplebank/kernel/ids';
import type { PaymentResolvers } from '../../generated/graphql.ts';
import { paymentBy } from '../queries/payments.ts';

export const Payment: PaymentResolvers = {
  __resolveReference: ({ id }, context) => (isUuid(id) ? paymentBy(context, id) : null),
  account: async ({ id, accountId }, _, { loaders }) => {
    const account = await loaders.accounts.load(accountId);
    if (account) return account;
    throw new Error(`payment ${id} was shown to somebody who does not see its account`);
  },
};
