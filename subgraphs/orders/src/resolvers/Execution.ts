import type { ExecutionResolvers } from '../generated/graphql.ts';

export const Execution: ExecutionResolvers = {
  price: ({ price, currency }) => ({ amount: price, currency }),
  value: ({ value, currency }) => ({ amount: value, currency }),
  fees: ({ fees, currency }) => ({ fees, currency }),
};
